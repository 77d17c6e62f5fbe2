// The extension: what VS Code calls, and when the server is needed.
import type { ExtensionContext, TextDocument } from "vscode";
import { commands, window, workspace } from "vscode";
import { isServed } from "./documents";
import { pythonEnvironments } from "./python";
import { RUN_COMMAND, Runner, hasRunner } from "./runner";
import { Server } from "./server";
import { createStatus } from "./status";

let server: Server | undefined;

/** Resolves when the server runs, or has been found to be missing, if anything open needs it. */
export async function activate(context: ExtensionContext): Promise<void> {
  const output = window.createOutputChannel("ThanoSQL", { log: true });
  const status = createStatus();
  const here = (server = new Server(output, status, context.extensionPath));
  context.subscriptions.push(
    output,
    status,
    here,
    commands.registerCommand("thanosql.restartServer", () => here.restart(true)),
    commands.registerCommand("thanosql.showOutput", () => output.show()),
  );
  registerRunner(context);
  await watchPython(context, here);
  await watchDocuments(context, here);
}

export async function deactivate(): Promise<void> {
  await server?.shutdown();
  server = undefined;
}

/** The code lens needs something that can run a notebook; without it the command does not exist. */
function registerRunner(context: ExtensionContext): void {
  if (!hasRunner()) return;
  const runner = new Runner();
  context.subscriptions.push(commands.registerCommand(RUN_COMMAND, runner.run.bind(runner)));
}

/** Look for the server again when another Python is selected or set, and when the workspace becomes trusted. */
async function watchPython(context: ExtensionContext, here: Server): Promise<void> {
  const environments = await pythonEnvironments();
  context.subscriptions.push(
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("thanosql.server")) void here.restartIfWanted();
    }),
    workspace.onDidGrantWorkspaceTrust(() => void here.restartIfWanted()),
  );
  const changed = environments?.onDidChangeActiveEnvironmentPath(() => void here.restartIfWanted());
  if (changed !== undefined) context.subscriptions.push(changed);
}

/** Start the server with the first ThanoSQL document: a notebook in plain Python does not need one. */
async function watchDocuments(context: ExtensionContext, here: Server): Promise<void> {
  const look = (document: TextDocument): Promise<void> | undefined => (isServed(document) ? here.want() : undefined);
  context.subscriptions.push(
    workspace.onDidOpenTextDocument(look),
    workspace.onDidChangeTextDocument((event) => look(event.document)),
  );
  await Promise.all(workspace.textDocuments.map(look));
}
