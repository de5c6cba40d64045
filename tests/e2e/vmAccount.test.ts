// The account on machines beside the clusters: runs its script on a machine with a real sshd, sudo and shadow, through
// the plugin's connection.
import { generateKeyPairSync } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { sshPublicKey } from "../../components/sshPublicKey.ts";
import { type AccountSpec, asRoot, vmAccountScript } from "../../components/vmAccountScript.ts";
import { Engine } from "../unit/plugins/engine.ts";
import { startVm, type Vm } from "./vm.ts";

const REMOTE = "command:remote:Command";

let vm: Vm;
let engine: Engine;
beforeAll(async () => {
  vm = await startVm();
  engine = await Engine.start("command");
  await on(root(), 'useradd -m -p "*" plain; echo "plain:pass word" | chpasswd');
});
afterAll(async () => {
  await engine.stop();
  await vm.stop();
});

const root = () => ({ host: vm.host, port: vm.port, hostKey: vm.hostKey, privateKey: vm.privateKey });

/** Output of a command on the machine. */
async function on(connection: object, create: string): Promise<string> {
  return (await engine.make(REMOTE, { connection: { dialErrorLimit: 0, ...connection }, create })).state.stdout ?? "";
}

function rsaKey() {
  const privateKey = generateKeyPairSync("rsa", { modulusLength: 2048 })
    .privateKey.export({ type: "pkcs1", format: "pem" })
    .toString();
  return { privateKey, publicKey: sshPublicKey(privateKey) };
}
const [key, other] = [rsaKey(), rsaKey()];

/** One of the two commands of the component. */
async function run(step: "create" | "delete", spec: Partial<AccountSpec> = {}, connection: object = root()) {
  const stdin = vmAccountScript({ name: "ubuntu", publicKey: key.publicKey, ...spec });
  const inputs = { connection: { dialErrorLimit: 0, ...connection }, [step]: asRoot(step), stdin };
  if (step === "create") await engine.make(REMOTE, { ...inputs, addPreviousOutputInEnv: false });
  else await engine.delete(REMOTE, inputs);
}

const login = (privateKey = key.privateKey) => on({ ...root(), user: "ubuntu", privateKey }, "sudo -n id -u; id -un");

/** Accounts and all files that come with an account, with owners, modes and contents. */
const traces = () =>
  on(
    root(),
    `getent passwd; getent group; getent shadow; getent gshadow
     find /home /etc/sudoers.d /var/mail /var/spool/mail -printf '%p %M %u %g %l\\n' | sort
     find /home /etc/sudoers.d -type f -exec sha256sum {} + | sort`,
  );

let before: string;
beforeEach(async () => {
  before = await traces();
});
afterEach(async () => {
  await run("delete");
  expect(await traces()).toBe(before);
});

test("creates an account that accepts its key and has sudo, and changes nothing in a second run", async () => {
  await run("create");
  expect(await login()).toBe("0\nubuntu");
  const made = await traces();
  expect(made).toContain("/home/ubuntu/.ssh/authorized_keys -rw------- ubuntu ubuntu");
  expect(made).toContain("/etc/sudoers.d/csp-mesh-ubuntu -r--r----- root root");
  expect(made).not.toContain("id_rsa");
  await run("create");
  expect(await traces()).toBe(made);
});

test("stores only the latest private key, if the config says so", async () => {
  await run("create", key);
  const file = (name: string) => on(root(), `stat -c '%a %U' ${name}; cat ${name}`);
  expect(await file("/home/ubuntu/.ssh/id_rsa")).toBe(`600 ubuntu\n${key.privateKey.trim()}`);
  expect(key.privateKey).toMatch(/^-----BEGIN RSA PRIVATE KEY-----/);

  await run("create", other);
  expect(await file("/home/ubuntu/.ssh/id_rsa")).toBe(`600 ubuntu\n${other.privateKey.trim()}`);
  expect(await file("/home/ubuntu/.ssh/authorized_keys")).toBe(`600 ubuntu\n${other.publicKey} ubuntu@csp-mesh`);
  expect(await login(other.privateKey)).toBe("0\nubuntu");
  await expect(login()).rejects.toThrow("after 0 failed attempts: ssh: handshake failed: ssh: unable to authenticate");

  await run("create", { publicKey: other.publicKey });
  expect(await traces()).not.toContain("id_rsa");
});

test("adds key and sudo to an existing account, and later removes only these", async () => {
  await on(
    root(),
    `useradd -m ubuntu -c somebody -s /bin/sh -p '*'
     install -d -o ubuntu -g ubuntu /home/ubuntu/.ssh
     { echo '# ${key.publicKey}'; echo '${other.publicKey} csp-mesh'; } > /home/ubuntu/.ssh/authorized_keys
     chown ubuntu:ubuntu /home/ubuntu/.ssh/authorized_keys; chmod 644 /home/ubuntu/.ssh/authorized_keys`,
  );
  const found = await traces();
  await run("create");
  expect(await login()).toBe("0\nubuntu");
  expect(await login(other.privateKey)).toBe("0\nubuntu");
  await run("delete");
  expect(await traces()).toBe(found);
  await on(root(), "userdel -r ubuntu 2>/dev/null");
});

test("does not overwrite foreign files, and names them in the error", async () => {
  await on(root(), "echo '# theirs' > /etc/sudoers.d/csp-mesh-ubuntu");
  await expect(run("create")).rejects.toThrow("/etc/sudoers.d/csp-mesh-ubuntu is somebody else's; remove it, or");
  await run("delete");
  expect(await on(root(), "cat /etc/sudoers.d/csp-mesh-ubuntu; rm /etc/sudoers.d/csp-mesh-ubuntu")).toBe("# theirs");

  await on(root(), "mkdir /home/ubuntu");
  await expect(run("create")).rejects.toThrow("/home/ubuntu is there, but no account ubuntu; remove it, or");
  await on(root(), "rmdir /home/ubuntu");

  await on(root(), "useradd -m ubuntu; install -D -o ubuntu /dev/null /home/ubuntu/.ssh/id_rsa");
  await expect(run("create", key)).rejects.toThrow("/home/ubuntu/.ssh/id_rsa is somebody else's; remove it, or");
  await on(root(), "userdel -r ubuntu 2>/dev/null");
});

test("requires root or a user with sudo", async () => {
  const { privateKey: _, ...machine } = root();
  const plain = { ...machine, user: "plain", password: "pass word" };
  await expect(run("create", {}, plain)).rejects.toThrow(
    "plain is not root and has no sudo without a password: give another user",
  );
  await on(root(), "echo 'plain ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/plain");
  await run("create", {}, plain);
  expect(await login()).toBe("0\nubuntu");
  await run("delete", {}, plain);
  await on(root(), "rm /etc/sudoers.d/plain");
});

test("removes an account after its running processes have ended", async () => {
  await run("create");
  await on({ ...root(), user: "ubuntu", privateKey: key.privateKey }, "sleep 3 > /dev/null 2>&1 &");
  await run("delete");
});

test("rejects a machine with another host key, and limits the connection attempts", async () => {
  const hostKey = `ssh-ed25519 ${Buffer.from("\0\0\0\x0bssh-ed25519\0\0\0 ".padEnd(51, "x")).toString("base64")}`;
  await expect(run("create", {}, { ...root(), hostKey })).rejects.toThrow(
    "after 0 failed attempts: ssh: handshake failed: ssh: host key mismatch",
  );
  const nobody = { ...root(), port: 1, dialErrorLimit: 2 };
  await expect(on(nobody, "true")).rejects.toThrow(
    "after 2 failed attempts: dial tcp 127.0.0.1:1: connect: connection refused",
  );
});

test("passes standard input and environment to a command, and reports a failing one with all output", async () => {
  const connection = root();
  const { state } = await engine.make(REMOTE, {
    connection,
    create: 'echo "$GREETING, $(cat)"; echo aside >&2',
    environment: { GREETING: "hello" },
    stdin: "world",
  });
  expect(state).toMatchObject({ stdout: "hello, world", stderr: "aside" });
  const create = "echo out; echo err >&2; exit 3";
  await expect(engine.make(REMOTE, { connection, create })).rejects.toThrow(
    /^Process exited with status 3: running "echo out; echo err >&2; exit 3":\n(out\nerr|err\nout)\n$/,
  );
  expect((await engine.check(REMOTE, { connection: { ...connection, proxy: {} } })).failures).toEqual([
    "connection: the lab's stand-in knows no proxy: connect to the host itself",
  ]);
});
