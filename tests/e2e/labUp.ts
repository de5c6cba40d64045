// Runs `labUp` in a separate process, which a test can kill. Its only argument is the options as JSON.
import { labUp } from "../../lab/up.ts";

await labUp(JSON.parse(process.argv[2] ?? ""));
