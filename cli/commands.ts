import { add } from "./add.ts";
import { adopt } from "./adopt.ts";
import type { Command } from "./command.ts";
import type { CommandName } from "./commandNames.ts";
import { distrust } from "./distrust.ts";
import { firewall } from "./firewall.ts";
import { forget } from "./forget.ts";
import { preflight } from "./preflight.ts";
import { proof } from "./proof.ts";
import { providers } from "./providers.ts";
import { remove } from "./remove.ts";
import { renewIntermediates } from "./renewIntermediates.ts";
import { rights } from "./rights.ts";
import { rotateRoot } from "./rotateRoot.ts";
import { rotateTokens } from "./rotateTokens.ts";
import { status } from "./status.ts";
import { takeover } from "./takeover.ts";
import { upgrade } from "./upgrade.ts";

export const commands: Readonly<Record<CommandName, Command>> = {
  add,
  adopt,
  distrust,
  firewall,
  forget,
  preflight,
  proof,
  providers,
  remove,
  "renew-intermediates": renewIntermediates,
  rights,
  "rotate-root": rotateRoot,
  "rotate-tokens": rotateTokens,
  status,
  takeover,
  upgrade,
};
