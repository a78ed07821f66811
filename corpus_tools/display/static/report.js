/* One field that searches the lines of all words: it fills in the search field that table.js gave each table. */
(() => {
  const all = document.querySelector(".ct-all");
  if (!all) return;
  const field = all.querySelector("input");
  const tables = [...document.querySelectorAll(".ct-lines ct-table")];
  all.hidden = false;
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const holds = (row) => { const text = row.textContent.toLowerCase(); return words.every((word) => text.includes(word)); };
    let found = 0;
    for (const table of tables) {
      const own = table.querySelector("input[type=search]");
      own.value = field.value;
      own.dispatchEvent(new Event("input"));
      found += [...table.querySelectorAll("tbody tr")].filter(holds).length;
    }
    all.querySelector("output").textContent = words.length ? `${found.toLocaleString("en")} ${found === 1 ? "line" : "lines"}` : "";
  });
})();
