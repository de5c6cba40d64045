// Previews the program that the command line names, over Pulumi's mocks, and prints what it registers.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const program = process.argv[2];
const pulumi = createRequire(program)("@pulumi/pulumi");
const resources = [];
await pulumi.runtime.setMocks(
  {
    newResource: ({ type, name, inputs, custom }) => {
      resources.push({ type, name, inputs });
      return { id: custom === false ? undefined : `${name}-id`, state: inputs };
    },
    call: ({ inputs }) => inputs,
  },
  "three-clusters",
  "test",
  true,
  "acme",
);
await pulumi.runtime.runInPulumiStack(() => import(pathToFileURL(program).href));
await pulumi.runtime.disconnect();
console.log(JSON.stringify(resources));
