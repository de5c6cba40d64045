// Stand-in for the official `random` plugin, for the lab where that one cannot be downloaded. The generated values are
// as random as the original's; RandomPassword has no bcryptHash, RandomInteger no seed, RandomBytes, RandomPet and
// RandomShuffle are missing.
import manifest from "@pulumi/random/package.json" with { type: "json" };
import { serve } from "./provider.ts";
import { randomId } from "./random/id.ts";
import { randomInteger } from "./random/integer.ts";
import { randomPassword, randomString } from "./random/string.ts";
import { randomUuid } from "./random/uuid.ts";

await serve({
  name: "random",
  version: manifest.version,
  types: {
    "random:index/randomId:RandomId": randomId,
    "random:index/randomInteger:RandomInteger": randomInteger,
    "random:index/randomPassword:RandomPassword": randomPassword,
    "random:index/randomString:RandomString": randomString,
    "random:index/randomUuid:RandomUuid": randomUuid,
  },
});
