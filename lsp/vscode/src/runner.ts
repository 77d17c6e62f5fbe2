// Running a statement of a .thanosql file: in a notebook beside it, with the ThanoSQL kernel.
import type { NotebookDocument, TextDocument } from "vscode";
import {
  NotebookCellData,
  NotebookCellKind,
  NotebookData,
  NotebookEdit,
  NotebookRange,
  Range,
  Uri,
  ViewColumn,
  WorkspaceEdit,
  commands,
  extensions,
  window,
  workspace,
} from "vscode";
import type { Range as ProtocolRange } from "vscode-languageclient/node";
import { LANGUAGE } from "./documents";

/** The command of the code lens; the server gives it the document's URI and the statement's range. */
export const RUN_COMMAND = "thanosql.runStatement";

/** Whether something here can run a notebook. */
export function hasRunner(): boolean {
  return extensions.getExtension("ms-toolsai.jupyter") !== undefined;
}

export class Runner {
  private readonly notebooks = new Map<string, NotebookDocument>();

  /** Append a statement as a cell to the notebook that belongs to its file, and run it. */
  async run(uri: string, { start, end }: ProtocolRange): Promise<void> {
    const document = await workspace.openTextDocument(Uri.parse(uri));
    const range = new Range(start.line, start.character, end.line, end.character);
    const notebook = await this.notebookFor(document);
    const index = notebook.cellCount;
    const edit = new WorkspaceEdit();
    const cell = new NotebookCellData(NotebookCellKind.Code, document.getText(range), LANGUAGE);
    edit.set(notebook.uri, [NotebookEdit.insertCells(index, [cell])]);
    await workspace.applyEdit(edit);
    const cells = new NotebookRange(index, index + 1);
    await this.show(notebook, cells);
    const ranges = [{ start: cells.start, end: cells.end }];
    await commands.executeCommand("notebook.cell.execute", { ranges, document: notebook.uri });
  }

  private async notebookFor(document: TextDocument): Promise<NotebookDocument> {
    const known = this.notebooks.get(document.uri.toString());
    if (known !== undefined && !known.isClosed) return known;
    const data = new NotebookData([]);
    const kernelspec = { name: "thanosql", display_name: "ThanoSQL", language: LANGUAGE };
    // The Jupyter extension chooses the kernel that this names.
    data.metadata = { metadata: { kernelspec, language_info: { name: LANGUAGE } } };
    const notebook = await workspace.openNotebookDocument("jupyter-notebook", data);
    this.notebooks.set(document.uri.toString(), notebook);
    return notebook;
  }

  private async show(notebook: NotebookDocument, cells: NotebookRange): Promise<void> {
    const options = { viewColumn: ViewColumn.Beside, preserveFocus: true, selections: [cells] };
    const editor = await window.showNotebookDocument(notebook, options);
    editor.revealRange(cells);
  }
}
