// Asks the service at the address given, through the generated client only, and prints what came as one line of JSON.
import { listQuestions, recommend, recommendMany, recommendPosted, starterTgz, sweep } from "./client";
import { client } from "./client/client.gen";

async function main(baseUrl: string): Promise<void> {
  client.setConfig({ baseUrl });
  const asked = await recommend({ query: { work_queue: "yes", messages_per_second_avg: "40" } });
  const posted = await recommendPosted({
    body: { work_queue: true, messages_per_second_avg: "40/s", consumer_groups: { min: 1, max: 2 } },
  });
  const refused = await recommendPosted({ body: { consumer_groups: -1 } });
  const questions = await listQuestions();
  const swept = await sweep({ query: { work_queue: "yes", question: "consumer_groups", from: "1", to: "4", steps: "2" } });
  const many = await recommendMany({ body: [{ work_queue: true }, { consumer_groups: -1 }] });
  const archive = await starterTgz({ query: { work_queue: "yes", option: "sqs_standard" }, parseAs: "arrayBuffer" });
  // The types are the generated ones: a member that the description does not have would not compile.
  const reasons = "verdicts" in asked.data! ? asked.data.verdicts.flatMap((verdict) => verdict.reasons) : [];
  console.log(
    JSON.stringify({
      asked: asked.data,
      reasons: reasons.map((reason) => reason.because),
      posted: posted.data,
      refused: refused.error!.problems.map((problem) => problem.code),
      status: refused.response!.status,
      questions: questions.data!.questions.map((question) => question.id),
      swept: swept.data,
      many: (many.data as { status: number }[]).map((item) => item.status),
      archive: (archive.data as unknown as ArrayBuffer).byteLength,
    }),
  );
}

void main(process.argv[2]!);
