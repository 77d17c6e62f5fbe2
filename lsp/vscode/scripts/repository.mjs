// The address of the project that the package names: where this clone of it came from.
import { execFileSync } from "node:child_process";

const ADDRESS = /^(?:https?:\/\/|ssh:\/\/|)(?:[^@/]*@)?([\w-]+(?:\.[\w-]+)+)(?::\d+\/|[:/])(.+?)(?:\.git)?\/?$/;

/** As a manifest has it; undefined where the clone came from no address. */
export function repository(folder) {
  let origin = "";
  try {
    origin = execFileSync("git", ["remote", "get-url", "origin"], { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    // No git, no clone, or one without an origin.
  }
  const url = address(origin.trim());
  return url && { type: "git", url, directory: "lsp/vscode" };
}

/** What a browser opens, without anybody's name and password; undefined for a folder. */
export function address(origin) {
  const found = origin.match(ADDRESS);
  return found ? `https://${found[1]}/${found[2]}.git` : undefined;
}
