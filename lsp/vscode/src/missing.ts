// What a user reads when there is no language server, and the ways out.
import { commands, env, window } from "vscode";
import type { Found } from "./python";
import { installCommand } from "./python";

const COPY = "Copy Install Command";
const SELECT = "Select Interpreter";
const SETTINGS = "Open Settings";

/** One sentence that says what is wrong and what to do. */
export function explain(found: Found): string {
  const python = found.from === "setting" ? `${found.path} (thanosql.server.python)` : found.path;
  if (found.state === "no server") {
    return `ThanoSQL: ${python} has no language server. Install it there: ${installCommand(found.path)}`;
  }
  if (found.state === "too old") return `ThanoSQL: ${python} is ${found.detail}. Choose another Python.`;
  return found.from === "setting"
    ? `ThanoSQL: ${python} cannot be run. Set it to a Python that has thanosql-kernel.`
    : "ThanoSQL: no Python was found. Install Python 3.11 or later, or set thanosql.server.python.";
}

/** Say it, with buttons; resolves when the user has chosen or closed it. */
export async function tellMissing(found: Found, canSelect: boolean): Promise<void> {
  const buttons = [
    ...(found.state === "no server" ? [COPY] : []),
    ...(canSelect && found.from !== "setting" ? [SELECT] : []),
    SETTINGS,
  ];
  const chosen = await window.showWarningMessage(explain(found), ...buttons);
  if (chosen === COPY) {
    await env.clipboard.writeText(installCommand(found.path));
    window.setStatusBarMessage("ThanoSQL: copied. Run it in a terminal, then: ThanoSQL: Restart Language Server", 10_000);
  } else if (chosen === SELECT) {
    await commands.executeCommand("python.setInterpreter");
  } else if (chosen === SETTINGS) {
    await commands.executeCommand("workbench.action.openSettings", "thanosql.server");
  }
}
