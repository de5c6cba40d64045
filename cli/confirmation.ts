import type { World } from "./command.ts";

/** Asks on the terminal. @returns false where there is none */
export async function isConfirmed(question: string, { ask }: Pick<World, "ask">): Promise<boolean> {
  const answer = await ask?.(`${question} `);
  // The last one is the key of "y" on a Korean keyboard.
  return ["y", "yes", "예", "네", "ㅛ"].includes(answer?.trim().toLowerCase() ?? "");
}
