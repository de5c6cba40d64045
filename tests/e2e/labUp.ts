// `labUp` in a process of its own, that a test can kill. Its one argument is the options as JSON.
import { labUp } from "../../lab/up.ts";

await labUp(JSON.parse(process.argv[2] ?? ""));
