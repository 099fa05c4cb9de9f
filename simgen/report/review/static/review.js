// One example at a time. The server knows what is real and tells only once the review is finished.

const element = (id) => document.getElementById(id);
const form = element("form");
let state;
let current = 0; // n_examples: all are judged

async function ask(path, content) {
  const posted = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(content) };
  const response = await fetch(path, content === undefined ? {} : posted);
  const found = await response.json();
  if (!response.ok) throw new Error(found.error);
  return found;
}

function tell(text, wrong = false) {
  element("status").textContent = text;
  element("status").classList.toggle("wrong", wrong);
}

async function attempt(work) {
  for (const button of document.querySelectorAll("button")) button.disabled = true;
  try {
    await work();
  } catch (error) {
    const gone = error instanceof TypeError;
    tell(gone ? "simgen review does not answer: start the same command again and open the address that it prints." : error.message, true);
  } finally {
    for (const button of document.querySelectorAll("button")) button.disabled = false;
    element("back").disabled = current === 0;
  }
}

function reveal(name) {
  for (const id of ["judging", "closing", "result"]) element(id).hidden = id !== name;
}

async function show(number) {
  current = number;
  const nAnswers = Object.keys(state.answers).length;
  if (current === state.n_examples) {
    tell(`${nAnswers} of ${state.n_examples} are judged.`);
    reveal("closing");
    return;
  }
  const { picture } = await ask(`examples/${current}`);
  element("picture").replaceChildren(...new DOMParser().parseFromString(picture, "text/html").body.childNodes);
  element("place").textContent = `Example ${current + 1} of ${state.n_examples}`;
  element("progress").max = state.n_examples;
  element("progress").value = nAnswers;
  form.reset();
  const answer = state.answers[current];
  if (answer) {
    form.elements.is_real.value = String(answer.is_real);
    form.elements.sureness.value = String(answer.sureness);
    form.elements.remark.value = answer.remark;
  }
  tell(answer ? "You judged this one before: change it or go on." : `${nAnswers} of ${state.n_examples} are judged.`);
  reveal("judging");
  document.activeElement.blur();
  scrollTo(0, 0);
}

function firstUnanswered() {
  let number = 0;
  while (number in state.answers) number += 1;
  return number;
}

async function store() {
  const answer = {
    example: current,
    is_real: form.elements.is_real.value === "true",
    sureness: Number(form.elements.sureness.value),
    remark: form.elements.remark.value.trim(),
  };
  await ask("answers", answer);
  const changed = current in state.answers;
  state.answers[current] = answer;
  await show(changed && current + 1 in state.answers ? current + 1 : firstUnanswered());
}

function conclude(score) {
  const percent = (share) => `${Math.round(100 * share)} %`;
  const row = ([name, share]) => {
    const line = document.createElement("tr");
    const interval = share.n_answers ? `${percent(share.low)} to ${percent(share.high)}` : "";
    const cells = [name, `${share.n_right} of ${share.n_answers}`, share.n_answers ? percent(share.value) : "", interval];
    line.append(...cells.map((text, place) => {
      const cell = document.createElement(place ? "td" : "th");
      if (!place) cell.scope = "row";
      cell.textContent = text;
      return cell;
    }));
    return line;
  };
  const rows = [["all", score.whole], ...Object.entries(score.by_truth), ...Object.entries(score.by_sureness)];
  element("headline").textContent = score.headline;
  element("shares").replaceChildren(...rows.map(row));
  element("remarks-title").hidden = !score.remarks.length;
  element("remarks").replaceChildren(...score.remarks.map((entry) => {
    const item = document.createElement("li");
    const word = (real) => (real ? "real" : "synthetic");
    item.textContent = `Example ${entry.example + 1}, ${word(entry.is_real)}, taken for ${word(entry.taken_for_real)}: ${entry.remark}`;
    return item;
  }));
  tell("");
  reveal("result");
}

function askSureness() {
  element("sureness").append(...Object.entries(state.sureness).map(([value, text]) => {
    const label = document.createElement("label");
    const input = Object.assign(document.createElement("input"), { type: "radio", name: "sureness", value, required: true });
    const key = Object.assign(document.createElement("kbd"), { textContent: value });
    label.append(input, " ", key, ` ${text}`);
    return label;
  }));
}

function typed(event) {
  // A key held down must not judge the next example too.
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const inText = event.target === element("remark");
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (inText) {
    if (key === "Escape") event.target.blur();
    return;
  }
  if (element("judging").hidden) {
    if (element("closing").hidden) return;
    if (key === "ArrowLeft") element("reopen").click();
    if (key === "f") element("finish").click();
    return;
  }
  const radio = { r: ["is_real", "true"], s: ["is_real", "false"] }[key] ?? (key in state.sureness ? ["sureness", key] : null);
  if (radio) {
    form.elements[radio[0]].value = radio[1];
  } else if (key === "t") {
    element("remark").focus();
  } else if (key === "ArrowLeft" && event.target.type !== "radio") {
    element("back").click();
  } else if (key === "Enter" && event.target.tagName !== "BUTTON") {
    form.requestSubmit();
  } else {
    return;
  }
  event.preventDefault();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(store);
});
element("back").addEventListener("click", () => attempt(() => show(current - 1)));
element("reopen").addEventListener("click", () => attempt(() => show(state.n_examples - 1)));
element("finish").addEventListener("click", () => attempt(async () => conclude(await ask("finish", {}))));
document.addEventListener("keydown", typed);

attempt(async () => {
  state = await ask("state");
  document.title = state.title;
  element("title").textContent = state.title;
  element("doc").textContent = state.doc;
  askSureness();
  element("remark").maxLength = state.longest_remark;
  if (state.score) conclude(state.score);
  else await show(firstUnanswered());
});
