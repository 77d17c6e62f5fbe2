// The language server's life: found, started, restarted, stopped, one after the other.
import type { Disposable, LogOutputChannel } from "vscode";
import { workspace } from "vscode";
import type { LanguageClientOptions, StaticFeature } from "vscode-languageclient/node";
import { LanguageClient, State } from "vscode-languageclient/node";
import { NATIVE, SERVED, onlyServed } from "./documents";
import { explain, tellMissing } from "./missing";
import type { Found } from "./python";
import { candidates, environment, findServer, pythonEnvironments } from "./python";
import { RUN_COMMAND, hasRunner } from "./runner";
import type { Status } from "./status";

/** Features that VS Code lets one extension have: for Python cells that is the formatter of Python. */
const NOT_FOR_PYTHON = ["textDocument/formatting", "textDocument/rangeFormatting", "textDocument/onTypeFormatting"];

export class Server implements Disposable {
  private client: LanguageClient | undefined;
  private isWanted = false;
  private queue: Promise<void> = Promise.resolve();
  private told: string | undefined;

  constructor(
    private readonly output: LogOutputChannel,
    private readonly status: Status,
    private readonly safeFolder: string,
  ) {}

  /** Start the server unless it has been asked for already. */
  want(): Promise<void> {
    if (this.isWanted) return this.queue;
    this.isWanted = true;
    return this.next(() => this.start());
  }

  /** Stop the server and look for it anew; what was said about a missing one is said again if `again`. */
  restart(again = false): Promise<void> {
    if (again) this.told = undefined;
    this.isWanted = true;
    return this.next(async () => {
      await this.stop();
      await this.start();
    });
  }

  /** Like `restart`, unless nothing here needs the server yet. */
  async restartIfWanted(): Promise<void> {
    if (this.isWanted) await this.restart();
  }

  shutdown(): Promise<void> {
    return this.next(() => this.stop());
  }

  dispose(): void {
    void this.shutdown();
  }

  private next(step: () => Promise<void>): Promise<void> {
    this.queue = this.queue.then(step).catch((error: unknown) => this.failed(error));
    return this.queue;
  }

  private async start(): Promise<void> {
    // Starting runs a Python that the workspace may have named.
    if (!workspace.isTrusted) return this.status.stopped("the workspace is not trusted");
    this.status.starting();
    const found = await findServer(await candidates(), this.safeFolder);
    this.output.info(`${found.path} (${found.from}): ${found.detail}`);
    if (found.state !== "ready") return this.missing(found);
    this.client = this.clientFor(found);
    await this.client.start();
  }

  private async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (client === undefined) return;
    // One that has died or never started cannot be asked to stop.
    await client.dispose().catch((error: unknown) => this.output.warn(`while stopping: ${String(error)}`));
  }

  private async missing(found: Found): Promise<void> {
    const text = explain(found);
    this.status.stopped(text);
    this.output.warn(text);
    if (this.told === text) return;
    this.told = text;
    const canSelect = (await pythonEnvironments()) !== undefined;
    // Not awaited: the message may stay open for hours.
    void tellMissing(found, canSelect);
  }

  private failed(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.output.error(reason);
    this.status.stopped(reason);
  }

  private clientFor(found: Found): LanguageClient {
    const args = workspace.getConfiguration("thanosql").get<string[]>("server.args", []);
    const run = { command: found.path, args: ["-P", "-m", "thanosql_lsp", ...args], options: { env: environment() } };
    const client = new LanguageClient("thanosql", "ThanoSQL Language Server", run, this.options());
    for (const method of NOT_FOR_PYTHON) keepToNative(client, method);
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Running) this.status.running(`${found.detail}: ${found.path}`);
      else if (newState === State.Starting) this.status.starting();
      else if (client === this.client) this.status.stopped("the language server has stopped");
    });
    return client;
  }

  private options(): LanguageClientOptions {
    return {
      documentSelector: SERVED,
      outputChannel: this.output,
      synchronize: { configurationSection: "thanosql" },
      initializationOptions: () => {
        const settings = workspace.getConfiguration("thanosql");
        return {
          database: settings.get("database", ""),
          checkQueries: settings.get("checkQueries", true),
          language: settings.get("language", ""),
          runCommand: hasRunner() ? RUN_COMMAND : "",
          statementSnippets: false, // the extension has its own
        };
      },
      middleware: onlyServed(),
    };
  }
}

/** Register a feature for ThanoSQL documents alone, whatever else the client serves. */
function keepToNative(client: LanguageClient, method: string): void {
  const feature = client.getFeature(method as never) as unknown as StaticFeature | undefined;
  if (feature === undefined) return;
  const initialize = feature.initialize.bind(feature);
  feature.initialize = (capabilities) => initialize(capabilities, NATIVE);
}
