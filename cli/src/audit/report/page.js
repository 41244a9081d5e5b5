"use strict";
(() => {
  /* How many rows of a table are shown at first, and from how many on it has a filter. */
  const SHOWN = matchMedia("(max-width: 860px)").matches ? 6 : 12;
  const LONG = 8;

  const made = (name, text, className) => {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    if (className) element.className = className;
    return element;
  };

  const key = (row, index) => row.cells[index].dataset.sort ?? row.cells[index].textContent;
  /* The numbers may be larger than a float holds exactly. */
  const compare = (a, b) => {
    if (/^-?\d+$/.test(a) && /^-?\d+$/.test(b)) {
      const [left, right] = [BigInt(a), BigInt(b)];
      return left < right ? -1 : left > right ? 1 : 0;
    }
    const [left, right] = [Number(a), Number(b)];
    if (!Number.isNaN(left) && !Number.isNaN(right)) return left - right;
    return a.localeCompare(b, "en");
  };

  const sortable = (table, update) => {
    const heads = table.tHead.rows[0].cells;
    [...heads].forEach((head, index) => {
      if (head.tagName !== "TH") return;
      const button = made("button", head.textContent);
      button.type = "button";
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") === "descending"
          || !head.hasAttribute("aria-sort") && !head.classList.contains("number");
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        const rows = [...table.tBodies[0].rows];
        rows.sort((a, b) => (up ? 1 : -1) * compare(key(a, index), key(b, index)));
        table.tBodies[0].append(...rows);
        update();
      });
    });
  };

  for (const table of document.querySelectorAll("table")) {
    const rows = () => [...table.tBodies[0].rows];
    let whole = rows().length <= SHOWN + 5;
    let wanted = "";
    const more = made("button", "", "more");
    more.type = "button";
    const printed = made("p", "", "printed");
    const count = made("span");
    count.setAttribute("role", "status");
    const update = () => {
      const found = rows().filter((row) => row.textContent.toLowerCase().includes(wanted));
      for (const row of rows()) row.hidden = true;
      const shown = whole || wanted ? found : found.slice(0, SHOWN);
      for (const row of shown) row.hidden = false;
      more.hidden = shown.length === found.length;
      more.textContent = `Show all ${found.length} rows`;
      printed.textContent = more.hidden ? "" : `Printed: ${shown.length} of ${found.length} rows, as the page showed them.`;
      count.textContent = wanted ? `${found.length} of ${rows().length} rows` : "";
    };
    if (rows().length > 1) sortable(table, update);
    if (rows().length > LONG) {
      const tools = made("div", "", "tools");
      const label = made("label", "Filter");
      const input = made("input");
      input.type = "search";
      input.setAttribute("aria-label", `Filter: ${table.caption.textContent}`);
      input.addEventListener("input", () => { wanted = input.value.trim().toLowerCase(); update(); });
      label.append(input);
      tools.append(label, count);
      table.before(tools);
      more.addEventListener("click", () => { whole = true; update(); });
      table.after(more, printed);
      update();
    }
    table.show = () => { whole = true; wanted = ""; update(); };
  }

  /* A link may lead to a row that is hidden. */
  const reveal = () => {
    const row = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (row && row.hidden) { row.closest("table").show(); row.scrollIntoView(); }
  };
  addEventListener("hashchange", reveal);
  reveal();
})();
