// Sorts tables by a column, and shows the figures that are picked; without scripts all tables stay as they are.
const valueOf = (cell) => {
  if (cell.dataset.value !== undefined) return Number(cell.dataset.value);
  const text = cell.textContent;
  const number = Number.parseFloat(text.replaceAll(",", ""));
  return Number.isNaN(number) || !/^[+-]?[0-9]/.test(text) ? text : number;
};
const order = (a, b) => {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), document.documentElement.lang);
};

function makeSortable(table) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, at) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    button.title = SORT;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") !== "descending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...body.rows].sort((a, b) => order(valueOf(a.cells[at]), valueOf(b.cells[at])));
      if (down) rows.reverse();
      body.append(...rows);
    });
  });
}

function makePicker(section) {
  const { keys, measures, rows } = JSON.parse(document.getElementById("figures").textContent);
  const form = section.querySelector("form");
  const table = section.querySelector("table");
  const heads = [...table.tHead.rows[0].cells];
  const addSelect = (label, any, options, start) => {
    const select = document.createElement("select");
    select.append(new Option(any, ""), ...options.map((name, at) => new Option(name, at)));
    select.value = start === null ? "" : start;
    const around = document.createElement("label");
    around.append(label, " ", select);
    form.append(around);
    return select;
  };
  const picks = keys.map((key) => addSelect(key.label, key.any, key.options, key.start));
  const measure = addSelect(form.dataset.measure, form.dataset.all, measures, null);
  const show = () => {
    const wanted = (at) => measure.value === "" || at < keys.length || at - keys.length === Number(measure.value);
    const found = rows.filter(([places]) =>
      picks.every((pick, at) => pick.value === "" || Number(pick.value) === places[at]));
    table.tBodies[0].replaceChildren(...found.map(([places, figures]) => {
      const row = document.createElement("tr");
      const texts = [...places.map((place, at) => keys[at].options[place]), ...figures];
      texts.forEach((text, at) => {
        const cell = document.createElement(at < keys.length ? "th" : "td");
        if (at < keys.length) cell.scope = "row";
        else cell.className = "number";
        cell.textContent = text;
        cell.hidden = !wanted(at);
        row.append(cell);
      });
      return row;
    }));
    heads.forEach((head, at) => {
      head.hidden = !wanted(at);
      head.removeAttribute("aria-sort");
    });
    section.querySelector(".count").textContent = FOUND.replace("N", found.length);
  };
  form.addEventListener("change", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  show();
}

for (const table of document.querySelectorAll("table")) {
  if (table.tBodies[0].rows.length > 1 || table.closest("#lookup")) makeSortable(table);
}
const lookup = document.getElementById("lookup");
if (lookup) makePicker(lookup);
