// What a user reads when there is no language server, and the ways out.
import { commands, env, l10n, window } from "vscode";
import type { Found } from "./python";
import { installCommand } from "./python";

const COPY = l10n.t("Copy Install Command");
const SELECT = l10n.t("Select Interpreter");
const SETTINGS = l10n.t("Open Settings");

/** One sentence that says what is wrong and what to do. */
export function explain(found: Found): string {
  const python = found.from === "setting" ? `${found.path} (thanosql.server.python)` : found.path;
  if (found.state === "no server") {
    return l10n.t("ThanoSQL: {0} has no language server. Install it there: {1}", python, installCommand(found.path));
  }
  if (found.state === "too old") return l10n.t("ThanoSQL: {0} is {1}. Choose another Python.", python, found.detail);
  return found.from === "setting"
    ? l10n.t("ThanoSQL: {0} cannot be run. Set it to a Python that has thanosql-kernel.", python)
    : l10n.t("ThanoSQL: no Python was found. Install Python 3.11 or later, or set thanosql.server.python.");
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
    const then = l10n.t("ThanoSQL: copied. Run it in a terminal, then: ThanoSQL: Restart Language Server");
    window.setStatusBarMessage(then, 10_000);
  } else if (chosen === SELECT) {
    await commands.executeCommand("python.setInterpreter");
  } else if (chosen === SETTINGS) {
    await commands.executeCommand("workbench.action.openSettings", "thanosql.server");
  }
}
