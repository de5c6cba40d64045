import { expect, test } from "vitest";
import { parse } from "yaml";
import { remoteKubeconfig } from "../../../components/remoteSecret.ts";

test.each(["nhn", "on", "no", "y", "null", "1e3", "0x1f", "0123", "12", "1-2"])(
  "keeps the cluster name %s a string for each YAML version",
  (name) => {
    const remote = { clusterName: name, server: "https://10.0.0.1:6443", caData: "LS0t", token: "1e5" };
    const text = remoteKubeconfig(remote);
    // istiod parses YAML 1.1, in which more words are not strings.
    for (const version of ["1.1", "1.2"] as const) {
      expect(parse(text, { version })).toMatchObject({
        clusters: [{ name }],
        contexts: [{ name, context: { cluster: name, user: name } }],
        "current-context": name,
        users: [{ name, user: { token: "1e5" } }],
      });
    }
  },
);
