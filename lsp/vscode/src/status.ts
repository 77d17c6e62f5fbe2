// The line in VS Code's language status that says whether the server runs, and with which Python.
import type { Disposable } from "vscode";
import { l10n, LanguageStatusSeverity, languages } from "vscode";
import { LANGUAGE } from "./documents";

export interface Status extends Disposable {
  starting(): void;
  running(detail: string): void;
  stopped(why: string): void;
}

export function createStatus(): Status {
  const item = languages.createLanguageStatusItem("thanosql.server", { language: LANGUAGE });
  item.name = l10n.t("ThanoSQL Language Server");
  const show = (text: string, detail: string, severity: LanguageStatusSeverity, busy = false): void => {
    item.text = text;
    item.detail = detail;
    item.severity = severity;
    item.busy = busy;
    item.command =
      severity === LanguageStatusSeverity.Error
        ? { title: l10n.t("Restart"), command: "thanosql.restartServer" }
        : { title: l10n.t("Show Output"), command: "thanosql.showOutput" };
  };
  show("ThanoSQL", l10n.t("not started"), LanguageStatusSeverity.Information);
  return {
    starting: () => show("ThanoSQL", l10n.t("starting"), LanguageStatusSeverity.Information, true),
    running: (detail) => show("ThanoSQL", detail, LanguageStatusSeverity.Information),
    stopped: (why) => show(l10n.t("ThanoSQL: no language server"), why, LanguageStatusSeverity.Error),
    dispose: () => item.dispose(),
  };
}
