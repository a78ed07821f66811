/* The lines of the explorer, and beside them the report of the selected line. table.js precedes this file. */
const element = (name, css, label) => {
  const made = document.createElement(name);
  made.className = css;
  made.setAttribute("role", "region");
  made.setAttribute("aria-label", label);
  return made;
};

export default {
  render({ model, el }) {
    const lines = element("div", "ct-lines", "lines");
    const report = element("div", "ct-report", "report");
    report.tabIndex = 0; // so that the arrow keys scroll it
    el.classList.add("ct-explorer");
    el.dataset.lmSuppressShortcuts = "true"; // else JupyterLab takes arrows and letters as commands
    el.append(lines, report);

    const choose = (row) => {
      for (const other of lines.querySelectorAll("tr[aria-current]")) other.removeAttribute("aria-current");
      row.setAttribute("aria-current", "true");
      model.set("chosen", Number(row.dataset.line));
      model.save_changes();
    };
    const draw = () => {
      lines.innerHTML = model.get("lines");
      lines.querySelectorAll("tbody tr").forEach((row, line) => {
        if (row.cells.length < 2) return; // nothing found
        row.dataset.line = line;
        row.tabIndex = 0;
        row.addEventListener("click", () => choose(row));
        row.addEventListener("keydown", (event) => {
          if (event.key !== "Enter" && event.key !== " ") return;
          event.preventDefault();
          choose(row);
        });
      });
    };
    const open = () => {
      report.innerHTML = model.get("report");
      report.hidden = !model.get("report");
      const hit = report.querySelector(".ct-text .ct-hit");
      if (hit) report.scrollTop += hit.getBoundingClientRect().top - report.getBoundingClientRect().top - report.clientHeight / 3;
    };
    model.on("change:lines", draw);
    model.on("change:report", open);
    draw();
    open();
  },
};
