// Where the language server is: the Python that the user has set or selected, and whether it has thanosql_lsp.
import { execFile } from "node:child_process";
import { homedir } from "node:os";
import type { Event, Uri } from "vscode";
import { extensions, l10n, workspace } from "vscode";

const PROBE_TIMEOUT_MS = 20_000;
const OLDEST = "3.11";

/** Prints e.g. `{"python": "3.12.1", "old": false, "server": "0.1.0"}`; server is null where it is not installed. */
const PROBE = `
import importlib.util, json, sys
found = importlib.util.find_spec("thanosql_lsp")
version = None
if found:
    try:
        from importlib.metadata import version as of
        version = of("thanosql-kernel")
    except Exception:
        version = "unknown"
print(json.dumps({"python": sys.version.split()[0], "old": sys.version_info < (3, 11), "server": version}))
`;

/** A Python to try, and who named it. */
export interface Candidate {
  path: string;
  from: "setting" | "selected environment" | "PATH";
}

/** What a candidate turned out to be. */
export interface Found extends Candidate {
  state: "ready" | "no server" | "too old" | "not a Python";
  /** One line for people: versions, or what is wrong. */
  detail: string;
}

interface Environments {
  getActiveEnvironmentPath(resource?: Uri): { path: string };
  resolveEnvironment(environment: { path: string }): Promise<{ executable: { uri?: Uri } } | undefined>;
  onDidChangeActiveEnvironmentPath: Event<unknown>;
}

/** What the Python extension tells about environments; undefined where it is not installed, or is too old. */
export async function pythonEnvironments(): Promise<Environments | undefined> {
  const extension = extensions.getExtension<{ environments?: Environments }>("ms-python.python");
  if (extension === undefined) return undefined;
  try {
    return (await extension.activate()).environments;
  } catch {
    return undefined;
  }
}

/** The Pythons to try, best first. A Python that was set is the only one: another would be a surprise. */
export async function candidates(): Promise<Candidate[]> {
  const set = workspace.getConfiguration("thanosql").get("server.python", "").trim();
  if (set) return [{ path: expanded(set), from: "setting" }];
  const onPath = ["python3", "python"].map((path): Candidate => ({ path, from: "PATH" }));
  const selected = await selectedPython();
  return selected ? [{ path: selected, from: "selected environment" }, ...onPath] : onPath;
}

async function selectedPython(): Promise<string | undefined> {
  const environments = await pythonEnvironments();
  if (environments === undefined) return undefined;
  const active = environments.getActiveEnvironmentPath(workspace.workspaceFolders?.[0]?.uri);
  const resolved = await environments.resolveEnvironment(active);
  return resolved?.executable.uri?.fsPath;
}

function expanded(path: string): string {
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";
  return path.replace("${workspaceFolder}", folder).replace(/^~(?=$|[/\\])/, homedir());
}

/** Try candidates until one has the server; without any, the first that is a Python, else the first. */
export async function findServer(tried: Candidate[], safeFolder: string): Promise<Found> {
  const found: Found[] = [];
  for (const candidate of tried) {
    const one = await probe(candidate, safeFolder);
    if (one.state === "ready") return one;
    found.push(one);
  }
  return found.find((one) => one.state !== "not a Python") ?? found[0]!;
}

/** Ask a Python what it has. It runs in a folder of ours, so that no module of the workspace is imported. */
export function probe(candidate: Candidate, safeFolder: string): Promise<Found> {
  return new Promise((resolve) => {
    const options = { cwd: safeFolder, env: environment(), timeout: PROBE_TIMEOUT_MS, windowsHide: true };
    execFile(candidate.path, ["-c", PROBE], options, (error, stdout) => resolve({ ...candidate, ...judge(error, stdout) }));
  });
}

function judge(error: Error | null, stdout: string): Pick<Found, "state" | "detail"> {
  const said = error ? undefined : parsed(stdout);
  if (said === undefined) {
    const reason = error?.message.trim().split("\n").at(-1) ?? l10n.t("it printed something else than was asked for");
    return { state: "not a Python", detail: reason };
  }
  if (said.old) return { state: "too old", detail: l10n.t("{0}; {1} or later is needed", `Python ${said.python}`, OLDEST) };
  if (said.server === null) return { state: "no server", detail: l10n.t("{0} without thanosql-kernel", `Python ${said.python}`) };
  return { state: "ready", detail: `thanosql-kernel ${said.server}, Python ${said.python}` };
}

function parsed(stdout: string): { python: string; old: boolean; server: string | null } | undefined {
  try {
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  } catch {
    return undefined;
  }
}

/** Our own environment variables; PYTHONSAFEPATH keeps a `thanosql_lsp` folder in the workspace from being run. */
export function environment(): NodeJS.ProcessEnv {
  return { ...process.env, PYTHONSAFEPATH: "1", PYTHONUTF8: "1" };
}

/** What to type into a terminal to install the server. */
export function installCommand(python: string, platform: NodeJS.Platform = process.platform): string {
  const isPlain = /^[\w./\\:@+-]+$/.test(python);
  if (isPlain) return `${python} -m pip install thanosql-kernel`;
  // PowerShell, VS Code's terminal on Windows, takes a quoted program for a text unless & stands before it.
  const quoted = platform === "win32" ? `& "${python}"` : `'${python.replaceAll("'", `'\\''`)}'`;
  return `${quoted} -m pip install thanosql-kernel`;
}
