// Tests the two programs in the lab's own images, which go builds, over loopback.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { waitFor } from "../../../lab/wait.ts";
import { silentUrl } from "./workshop.ts";

const bin = mkdtempSync(join(tmpdir(), "images-test-"));

beforeAll(async () => {
  for (const name of ["reviews", "pause"]) {
    const cwd = join(import.meta.dirname, "../../../lab/images", name);
    await execa("go", ["build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", join(bin, name), "."], {
      cwd,
      env: { CGO_ENABLED: "0" },
    });
  }
}, 120_000);

afterAll(() => rmSync(bin, { recursive: true }));

async function startReviews(environment: Record<string, string> = {}) {
  const url = await silentUrl();
  const process = execa(join(bin, "reviews"), {
    env: { PORT: new URL(url).port, HOSTNAME: "reviews-pod", ...environment },
    reject: false,
  });
  onTestFinished(async () => {
    process.kill("SIGKILL");
    await process;
  });
  await waitFor("reviews answers", 10_000, async () => (await fetch(`${url}/health`)).ok || "not ok");
  return { url, process };
}

async function ratingsServer(body: string, status = 200) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.url} for ${request.headers["end-user"]}`);
    response.writeHead(status).end(body);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => void server.close());
  return { port: String((server.address() as AddressInfo).port), asked };
}

const texts = [
  "An extremely entertaining play by Shakespeare. The slapstick humour is refreshing!",
  "Absolutely fun and entertaining. The play lacks thematic depth when compared to other plays by Shakespeare.",
] as const;

test("reviews reports its health", async () => {
  const { url } = await startReviews();
  const response = await fetch(`${url}/health`);
  expect(response.headers.get("content-type")).toBe("application/json");
  expect(await response.text()).toBe('{"status": "Reviews is healthy"}');
});

test("reviews v1 answers without ratings, and with clustername null if CLUSTER_NAME is unset", async () => {
  const { url } = await startReviews();
  expect(await (await fetch(`${url}/reviews/1`)).json()).toEqual({
    id: "1",
    podname: "reviews-pod",
    clustername: "null",
    reviews: [
      { reviewer: "Reviewer1", text: texts[0] },
      { reviewer: "Reviewer2", text: texts[1] },
    ],
  });
});

test.each(["black", "red"])("reviews with ratings has stars in %s", async (color) => {
  const ratings = await ratingsServer('{"id": 7, "ratings": {"Reviewer1": 5, "Reviewer2": 4}}');
  const { url } = await startReviews({
    ENABLE_RATINGS: "true",
    STAR_COLOR: color,
    CLUSTER_NAME: "ncloud",
    RATINGS_HOSTNAME: "127.0.0.1",
    RATINGS_SERVICE_PORT: ratings.port,
  });
  expect(await (await fetch(`${url}/reviews/7`, { headers: { "end-user": "jason" } })).json()).toEqual({
    id: "7",
    podname: "reviews-pod",
    clustername: "ncloud",
    reviews: [
      { reviewer: "Reviewer1", text: texts[0], rating: { stars: 5, color } },
      { reviewer: "Reviewer2", text: texts[1], rating: { stars: 4, color } },
    ],
  });
  expect(ratings.asked).toEqual(["/ratings/7 for jason"]);
});

test.each([
  ["no ratings service", undefined],
  ["a failing ratings service", 500],
])("reviews answers with an error as rating if there is %s", async (_, status) => {
  const port = status ? (await ratingsServer("{}", status)).port : new URL(await silentUrl()).port;
  const { url } = await startReviews({
    ENABLE_RATINGS: "true",
    RATINGS_HOSTNAME: "127.0.0.1",
    RATINGS_SERVICE_PORT: port,
  });
  const rating = { error: "Ratings service is currently unavailable" };
  const { reviews } = (await (await fetch(`${url}/reviews/1`)).json()) as { reviews: unknown };
  expect(reviews).toEqual([
    { reviewer: "Reviewer1", text: texts[0], rating },
    { reviewer: "Reviewer2", text: texts[1], rating },
  ]);
});

test.each(["/reviews/one", "/reviews", "/"])("reviews answers 404 to %s", async (path) => {
  const { url } = await startReviews();
  expect((await fetch(`${url}${path}`)).status).toBe(404);
});

test("reviews ends at once on SIGTERM, even with an open connection", async () => {
  const { url, process } = await startReviews();
  await (await fetch(`${url}/reviews/1`)).text();
  const from = performance.now();
  process.kill("SIGTERM");
  expect((await process).exitCode).toBe(0);
  expect(performance.now() - from).toBeLessThan(1_000);
});

/** Starts pause as the first process of a sandbox, and waits until it has reaped its predecessor's orphans. */
async function startPause() {
  // The first sh becomes pause. The second leaves an orphan that ends at once.
  const become = `sh -c 'true & true' & exec ${join(bin, "pause")}`;
  const sandbox = execa("unshare", ["--pid", "--fork", "--kill-child", "sh", "-c", become], { reject: false });
  onTestFinished(async () => {
    sandbox.kill("SIGKILL");
    await sandbox;
  });
  const children = (pid: number | string) => readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  let pid = 0;
  await waitFor("pause alone in its sandbox", 10_000, async () => {
    pid = Number(children(sandbox.pid ?? 0));
    if (pid === 0 || readFileSync(`/proc/${pid}/comm`, "utf8").trim() !== "pause") return "pause does not run yet";
    return children(pid) === "" || `it has children ${children(pid)}`;
  });
  return { sandbox, pid };
}

test.each(["SIGTERM", "SIGINT"] as const)("pause reaps orphans, and ends on %s", async (signal) => {
  const { sandbox, pid } = await startPause();
  process.kill(pid, signal);
  expect((await sandbox).exitCode).toBe(0);
});
