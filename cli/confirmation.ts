import type { World } from "./command.ts";

/** Asks for confirmation on the terminal. @returns false without a terminal */
export async function isConfirmed(question: string, { ask }: Pick<World, "ask">): Promise<boolean> {
  const answer = await ask?.(`${question} `);
  // "ㅛ" is on the key of "y" of a Korean keyboard.
  return ["y", "yes", "예", "네", "ㅛ"].includes(answer?.trim().toLowerCase() ?? "");
}
