// The whole questionnaire as a stranger draws it, from /api/v1/questions and nothing else.
async (home) => {
  const { questions, openers, groups } = await (await fetch(`${home}/api/v1/questions`)).json();
  const make = (tag, more, ...inside) => {
    const made = Object.assign(document.createElement(tag), more);
    made.append(...inside);
    return made;
  };
  const button = (type, name, value, label) => make("label", {}, make("input", { type, name, value }), label);
  const unknown = { id: "", label: "I don’t know" };
  const draw = (question) => {
    const field = make("fieldset", { id: `q-${question.id}` }, make("legend", {}, question.text));
    field.append(make("p", { className: "hint" }, question.help));
    if (question.kind === "boolean") {
      const choices = [{ id: "true", label: "Yes" }, { id: "false", label: "No" }, unknown];
      field.append(...choices.map((choice) => button("radio", question.id, choice.id, choice.label)));
    } else if (question.kind === "choice") {
      field.append(...[...question.choices, unknown].map((each) => button("radio", question.id, each.id, each.label)));
    } else if (question.kind === "list") {
      const choices = [...question.choices, { id: "none", label: "None of these" }];
      field.append(...choices.map((choice) => button("checkbox", question.id, choice.id, choice.label)));
      if (question.takes_other_words) field.append(make("input", { name: question.id }));
    } else {
      field.append(make("input", { name: question.id }), question.unit, question.example);
    }
    return field;
  };
  const form = document.createElement("form");
  form.append(...questions.filter(({ id }) => openers.includes(id))
    .sort((one, other) => openers.indexOf(one.id) - openers.indexOf(other.id)).map(draw));
  for (const group of groups) {
    const rest = questions.filter(({ id }) => !openers.includes(id)).filter((question) => question.group === group.id);
    if (rest.length) form.append(make("h2", {}, group.title), ...rest.map(draw));
  }
  document.body.append(form);
}
