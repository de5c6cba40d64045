// A machine for logins: this machine's files under an in-memory overlay, in separate namespaces, with an sshd on
// loopback. Changes there do not affect this machine's files, and disappear with its first process.
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { Engine } from "../unit/plugins/engine.ts";

export interface Login {
  readonly host: string;
  readonly port: number;
  /** In the format of `known_hosts`, without a host name. */
  readonly hostKey: string;
  /** OpenSSH's format. */
  readonly privateKey: string;
  /** @default root */
  readonly user?: string;
}

/** A machine to which root can log in with a key. */
export interface Vm extends Login {
  stop(): Promise<void>;
}

/**
 * Missing parts of sshd and sudo come from packages of the distribution, which are only unpacked: nothing is configured
 * or started.
 */
const START = `
set -eu
dir=$1
mount -t tmpfs vm "$dir/vm"
mkdir "$dir/vm/upper" "$dir/vm/work" "$dir/vm/root"
mount -t overlay -o "lowerdir=/,upperdir=$dir/vm/upper,workdir=$dir/vm/work" vm "$dir/vm/root"
cd "$dir/vm/root"
mount -t proc proc proc
mount --rbind /dev dev
mount -t tmpfs run run
exec chroot . sh -eu -c '
  if ! [ -x /usr/sbin/sshd ] || ! command -v visudo; then
    mkdir -p /run/debs/partial
    get() { apt-get install -y --download-only --no-install-recommends -o Dir::Cache::archives=/run/debs openssh-server sudo; }
    get || { apt-get update && get; }
    for deb in /run/debs/*.deb; do dpkg-deb --fsys-tarfile "$deb" | tar -x -C / --keep-directory-symlink; done
    getent passwd sshd || useradd --system --home-dir /run/sshd --shell /usr/sbin/nologin sshd
  fi
  install -d /run/sshd
  install -d -m 700 /root/.ssh
  install -m 600 "$1/authorized" /root/.ssh/authorized_keys
  exec /usr/sbin/sshd -D -e -f "$1/config"
' sh "$dir"
`;

export async function startVm(): Promise<Vm> {
  const dir = await mkdtemp(join(tmpdir(), "csp-mesh-vm-"));
  const key = async (name: string) => {
    await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", join(dir, name)]);
    return (await readFile(join(dir, `${name}.pub`), "utf8")).trim();
  };
  const [hostKey, root] = [await key("host"), await key("root")];
  const port = await freePort();
  // Without PAM, sshd itself decides whether an account is locked.
  const config = ["ListenAddress 127.0.0.1", `Port ${port}`, `HostKey ${dir}/host`, "PidFile none", "UsePAM no"];
  await execa("mkdir", [join(dir, "vm")]);
  await writeFile(join(dir, "authorized"), `${root}\n`);
  await writeFile(join(dir, "config"), [...config, "AcceptEnv GREETING", ""].join("\n"));

  const namespaces = ["--mount", "--propagation", "private", "--pid", "--uts", "--ipc"];
  const running = execa("unshare", [...namespaces, "--fork", "--kill-child", "sh", "-c", START, "sh", dir], {
    reject: false,
    all: true,
    stdin: "ignore",
  });
  const listening = await Promise.race([
    new Promise<true>((resolve) => {
      createInterface(running.all).on("line", (line) => line.includes("Server listening") && resolve(true));
    }),
    running.then(() => false),
  ]);
  const stop = async () => {
    running.kill("SIGKILL");
    await running;
    await rm(dir, { recursive: true });
  };
  if (!listening) {
    await stop();
    throw new Error(`no sshd: ${(await running).all}`);
  }
  return {
    host: "127.0.0.1",
    port,
    hostKey,
    privateKey: await readFile(join(dir, "root"), "utf8"),
    stop,
  };
}

/** Standard output of a command, through a connection of the command plugin. */
export async function ask({ host, port, hostKey, privateKey, user }: Login, create: string): Promise<string> {
  const engine = await Engine.start("command");
  try {
    const connection = { host, port, hostKey, privateKey, ...(user && { user }) };
    return (await engine.make("command:remote:Command", { connection, create })).state.stdout ?? "";
  } finally {
    await engine.stop();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}
