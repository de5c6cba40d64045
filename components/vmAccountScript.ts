// The shell script that creates an account on a machine and removes it. What it creates is marked in place: the account
// and keys by their comments, the sudo rule by its first line. So it can run again after any interruption.

export interface AccountSpec {
  readonly name: string;
  /** A line of `authorized_keys` without a comment. */
  readonly publicKey: string;
  /** PEM for the account's `.ssh/id_rsa`; if empty, ours is removed. */
  readonly privateKey?: string;
}

/** For `sh -s create` and `sh -s delete`, on standard input, because other users can read arguments. */
export function vmAccountScript({ name, publicKey, privateKey = "" }: AccountSpec): string {
  const values = { name, public_key: publicKey, private_key: privateKey.trim() };
  const assignments = Object.entries(values).map(([key, value]) => `${key}='${value.replaceAll("'", `'\\''`)}'\n`);
  return `${assignments.join("")}${SCRIPT}`;
}

/** Runs that script as root, or reports why it cannot. */
export function asRoot(step: "create" | "delete"): string {
  return [
    `[ "$(id -u)" = 0 ] && exec sh -s ${step}`,
    `sudo -n true && exec sudo -n sh -s ${step}`,
    'echo "$(id -un) is not root and has no sudo without a password: give another user" >&2',
    "exit 1",
  ].join("\n");
}

const SCRIPT = String.raw`
set -eu
mark=csp-mesh
comment=$name@$mark
sudoers=/etc/sudoers.d/$mark-$name

fail() { echo "$(uname -n): $*" >&2; exit 1; }
field() { getent passwd "$name" | cut -d : -f "$1"; }
exists() { getent passwd "$name" > /dev/null; }
is_our_account() { [ "$(field 5)" = "$mark" ]; }
is_our_rule() { [ "$(head -n 1 "$sudoers")" = "# $mark" ]; }

create() {
  command -v visudo > /dev/null || fail "there is no sudo; install it"
  home=/home/$name
  if ! exists; then
    [ ! -e "$home" ] || fail "$home is there, but no account $name; remove it, or choose another name"
    # A password that nothing matches. A locked account would not do: without PAM, sshd refuses its keys as well.
    useradd --create-home --home-dir "$home" --user-group --shell /bin/bash --comment "$mark" --password '*' "$name"
  fi
  as_account check_id || fail "$(field 6)/.ssh/id_rsa is somebody else's; remove it, or choose another name"
  allow_sudo
  as_account add_key
  if [ -n "$private_key" ]; then
    printf '%s\n' "$private_key" | as_account write_id
  else
    as_account remove_id
  fi
}

allow_sudo() {
  [ ! -e "$sudoers" ] || is_our_rule || fail "$sudoers is somebody else's; remove it, or choose another name"
  # sudo reads no file with a dot in its name.
  new=$(mktemp "$sudoers.XXXXXX")
  trap 'rm -f "$new"' EXIT
  printf '# %s\n%s ALL=(ALL) NOPASSWD: ALL\n' "$mark" "$name" > "$new"
  chmod 0440 "$new"
  visudo -c -q -f "$new"
  mv "$new" "$sudoers"
}

delete() {
  if [ -e "$sudoers" ] && is_our_rule; then rm "$sudoers"; fi
  exists || return 0
  if is_our_account; then
    remove_account
  elif [ -d "$(field 6)" ]; then
    as_account remove_key
    as_account remove_id
  fi
}

remove_account() {
  # What it runs may be ending just now.
  left=30
  until said=$(userdel --remove "$name" 2>&1); do
    left=$((left - 1))
    [ "$left" -gt 0 ] || fail "$said"
    sleep 1
  done
}

# As the account itself: what it owns may be links to what is root's.
as_account() { runuser -u "$name" -- sh -euc "$in_home" sh "$(field 6)" "$public_key" "$comment" "$1"; }

in_home=$(cat << 'END'
umask 077
cd "$1"
public_key=$2
comment=$3
authorized=.ssh/authorized_keys
id=.ssh/id_rsa

is_our_id() { [ -e "$id.pub" ] && [ "$(cat "$id.pub")" != "$(without_ours "$id.pub")" ]; }
without_ours() { awk -v end=" $comment" 'substr($0, length($0) - length(end) + 1) != end' "$1"; }

# Not by a line that is commented out, or that restricts what the key may do.
lets_in() { awk -v key="$public_key " 'index($0 " ", key) == 1 { found = 1 } END { exit !found }' "$1"; }

# Replaced in one step, with the mode that it had: it may be what lets people in.
add_key() {
  mkdir -p .ssh
  [ -e "$authorized" ] || : > "$authorized"
  cp -p "$authorized" "$authorized.new"
  without_ours "$authorized" > "$authorized.new"
  lets_in "$authorized.new" || echo "$public_key $comment" >> "$authorized.new"
  mv "$authorized.new" "$authorized"
}

remove_key() {
  [ -e "$authorized" ] || return 0
  cp -p "$authorized" "$authorized.new"
  without_ours "$authorized" > "$authorized.new"
  mv "$authorized.new" "$authorized"
  [ -s "$authorized" ] || rm "$authorized"
  rmdir .ssh 2> /dev/null || true
}

check_id() { [ ! -e "$id" ] || is_our_id; }

write_id() {
  echo "$public_key $comment" > "$id.pub"
  cat > "$id.new"
  mv "$id.new" "$id"
}

remove_id() {
  is_our_id || return 0
  rm -f "$id" "$id.pub"
  rmdir .ssh 2> /dev/null || true
}

$4
END
)

"$1" < /dev/null
`;
