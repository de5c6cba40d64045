import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { publishedChecksum, type Release, releasesFrom } from "../../../lab/toolchain/releases.ts";
import { releaseServer, silentUrl, temporaryFolder, write } from "./workshop.ts";

const sha256 = (data: string | Buffer) => createHash("sha256").update(data).digest("hex");
const sha1 = (data: string | Buffer) => createHash("sha1").update(data).digest("hex");

const program: Release = {
  url: "publisher.test/v1/program",
  checksums: "publisher.test/v1/program.sha256",
  gives: "program",
};
const hosts = ["publisher.test", "other.test"];

const zeros = "0".repeat(64);

test.each([
  ["a bare sum", `${sha256("x")}\n`, sha256("x")],
  ["a list", `${zeros}  other.tar.gz\n${sha256("x")}  file.tar.gz\n`, sha256("x")],
  ["binary mode and a folder", `${sha256("x")} *./dist/file.tar.gz`, sha256("x")],
  ["upper case", `${sha256("x").toUpperCase()}  file.tar.gz`, sha256("x")],
  ["SHA-1", `${sha1("x")}  ./file.tar.gz`, sha1("x")],
  ["a list without the file", `${zeros}  other.tar.gz\n`, undefined],
  ["a list with a longer name that has the same end", `${zeros}  other-file.tar.gz\n`, undefined],
  ["an error page", "<html>not found</html>", undefined],
])("reads the checksum from %s", (_, text, expected) => {
  expect(publishedChecksum(text, "file.tar.gz")).toBe(expected);
});

test("installs a file with the right checksum as executable", async () => {
  const server = await releaseServer({ [program.url]: "#!/bin/sh\n", [program.checksums]: sha256("#!/bin/sh\n") });
  const dir = temporaryFolder();
  expect(await releasesFrom(`${server.url}/`, hosts).get(program, dir)).toBe(true);
  expect(readdirSync(dir)).toEqual(["program"]);
  expect(statSync(join(dir, "program")).mode & 0o777).toBe(0o755);
});

test.each(["tool-1", "./tool-1"])("extracts only the requested file from an archive of %s", async (member) => {
  const source = temporaryFolder();
  write(join(source, "tool-1", "bin", "tool"), "the tool");
  write(join(source, "tool-1", "README"), "");
  const { stdout } = await execa("tar", ["-cz", "-C", source, member], { encoding: "buffer" });
  const archive = Buffer.from(stdout);
  const url = "publisher.test/v1/tool.tar.gz";
  const release = { url, checksums: "publisher.test/v1/SUMS", gives: { renamed: "tool-1/bin/tool" } };
  // The lists of Pulumi's bridged plugins contain SHA-1.
  const server = await releaseServer({ [url]: archive, [release.checksums]: `${sha1(archive)}  ./tool.tar.gz\n` });
  const dir = temporaryFolder();
  expect(await releasesFrom(server.url, hosts).get(release, dir)).toBe(true);
  expect(readdirSync(dir)).toEqual(["renamed"]);
  expect(readFileSync(join(dir, "renamed"), "utf8")).toBe("the tool");
});

test("fails on a wrong checksum, and installs nothing", async () => {
  const server = await releaseServer({ [program.url]: "another", [program.checksums]: sha256("the program") });
  const dir = temporaryFolder();
  await expect(releasesFrom(server.url, hosts).get(program, dir)).rejects.toThrow(
    new Error(
      `${server.url}/publisher.test/v1/program: its sha256 is ${sha256("another")}, but ` +
        `${server.url}/publisher.test/v1/program.sha256 has ${sha256("the program")}; nothing was installed. ` +
        "Run it again; if the difference persists, a mirror or proxy serves another file",
    ),
  );
  expect(readdirSync(dir)).toEqual([]);
});

test("fails if the list has no checksum for the file", async () => {
  const server = await releaseServer({ [program.url]: "x", [program.checksums]: `${zeros}  other\n` });
  await expect(releasesFrom(server.url, hosts).get(program, temporaryFolder())).rejects.toThrow(
    new Error(`${server.url}/publisher.test/v1/program.sha256: has no checksum of program; nothing was installed`),
  );
});

test("returns false if the mirror lacks the file", async () => {
  const server = await releaseServer({ [program.checksums]: zeros });
  const dir = temporaryFolder();
  expect(await releasesFrom(server.url, hosts).get(program, dir)).toBe(false);
  expect(readdirSync(dir)).toEqual([]);
});

test("contacts a mirror that does not answer only once", async () => {
  const releases = releasesFrom(await silentUrl(), hosts);
  expect(await releases.get(program, temporaryFolder())).toBe(false);
  expect(await releases.get(program, temporaryFolder())).toBe(false);
});

test("probes a mirror with one request, and never contacts the publishers", async () => {
  const server = await releaseServer({ [program.url]: "x", [program.checksums]: sha256("x") });
  const releases = releasesFrom(server.url, hosts);
  expect(server.asked).toEqual([]);
  await releases.get(program, temporaryFolder());
  await releases.get(program, temporaryFolder());
  const gets = ["GET /publisher.test/v1/program.sha256", "GET /publisher.test/v1/program"];
  expect(server.asked).toEqual(["HEAD /", ...gets, ...gets]);
});

test("accepts a folder as a mirror", async () => {
  const mirror = temporaryFolder();
  write(join(mirror, program.url), "x");
  write(join(mirror, program.checksums), sha256("x"));
  expect(await releasesFrom(`file://${mirror}`, hosts).get(program, temporaryFolder())).toBe(true);
});
