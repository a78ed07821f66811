/* Lets each <ct-table> be paged, sorted and searched; without this script, the first page can be read. */
(() => {
  const key = (row, column) => {
    const cell = row.cells[column];
    if (!cell) return "";
    if (cell.dataset.v !== undefined) return cell.dataset.v === "nan" ? NaN : Number(cell.dataset.v);
    return (cell.dataset.s ?? cell.textContent).toLowerCase();
  };
  const compare = (a, b) =>
    typeof a === "number" && typeof b === "number" ? a - b || Number.isNaN(a) - Number.isNaN(b) : String(a).localeCompare(String(b));
  const element = (name, values) => Object.assign(document.createElement(name), values);

  class Table extends HTMLElement {
    connectedCallback() {
      // While a page loads, the rows are not there yet.
      if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => this.make());
      else this.make();
    }

    make() {
      if (this.dataset.ready) return; // a page that moves the table connects it again
      this.dataset.ready = "yes";
      this.dataset.lmSuppressShortcuts = "true"; // else JupyterLab takes arrows and letters as commands
      const table = this.querySelector("table");
      const body = table.tBodies[0];
      const all = [...body.rows];
      const size = Number(this.dataset.page);
      let rows = all, at = 0;

      const bar = element("div", { className: "ct-bar" });
      const search = element("input", { type: "search", placeholder: "search in these rows" });
      search.setAttribute("aria-label", "search in these rows");
      const before = element("button", { type: "button", textContent: "‹ previous" });
      const after = element("button", { type: "button", textContent: "next ›" });
      const says = element("span", {});
      says.setAttribute("aria-live", "polite");
      bar.append(search, before, after, says);
      this.prepend(bar);

      const show = () => {
        const wanted = new Set(rows.slice(at, at + size));
        for (const row of all) row.hidden = !wanted.has(row);
        before.disabled = at === 0;
        after.disabled = at + size >= rows.length;
        says.textContent = rows.length
          ? `${(at + 1).toLocaleString("en")}–${Math.min(at + size, rows.length).toLocaleString("en")} of ${rows.length.toLocaleString("en")}`
          : "nothing found";
      };
      const look = () => {
        const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
        const inAll = (row) => { const text = row.textContent.toLowerCase(); return words.every((word) => text.includes(word)); };
        rows = [...body.rows].filter(inAll);
        at = 0;
        show();
      };
      search.addEventListener("input", look);
      before.addEventListener("click", () => { at -= size; show(); });
      after.addEventListener("click", () => { at += size; show(); });

      [...table.tHead.rows[0].cells].forEach((head, column) => {
        const button = element("button", { type: "button", textContent: head.textContent });
        head.replaceChildren(button);
        const numbers = all.some((row) => row.cells[column]?.dataset.v !== undefined);
        if (numbers) head.classList.add("ct-number");
        button.addEventListener("click", () => {
          const was = head.getAttribute("aria-sort");
          const up = was ? was === "descending" : !numbers;
          for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
          head.setAttribute("aria-sort", up ? "ascending" : "descending");
          const sorted = all.map((row) => [key(row, column), row]).sort(([a], [b]) => (up ? 1 : -1) * compare(a, b));
          body.append(...sorted.map(([, row]) => row));
          look();
        });
      });
      show();
      if (all.length <= size) { before.hidden = after.hidden = true; }
    }
  }
  // Each table comes with this script; the first one defines the element.
  if (!customElements.get("ct-table")) customElements.define("ct-table", Table);
})();
