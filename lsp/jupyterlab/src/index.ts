// What JupyterLab is told: the language of cells and consoles, and the type of files that end in .thanosql.
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { IEditorLanguageRegistry } from "@jupyterlab/codemirror";
import { support } from "./language";

const MIME = "text/x-thanosql";

const plugin: JupyterFrontEndPlugin<void> = {
  id: "thanosql-jupyterlab:language",
  description: "The language and the file type of ThanoSQL.",
  autoStart: true,
  requires: [IEditorLanguageRegistry],
  activate: (app: JupyterFrontEnd, languages: IEditorLanguageRegistry) => {
    languages.addLanguage({
      name: "thanosql",
      displayName: "ThanoSQL",
      mime: MIME,
      extensions: ["thanosql"],
      support: support(),
    });
    app.docRegistry.addFileType({
      name: "thanosql",
      displayName: "ThanoSQL File",
      extensions: [".thanosql"],
      mimeTypes: [MIME],
      contentType: "file",
      fileFormat: "text",
    });
  },
};

export default plugin;
