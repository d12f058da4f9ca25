/** Answers that are kept at most. */
const MAX_ANSWERS = 1000;

/**
 * Keeps what a pure function answered, for up to a thousand texts: producers name the same few targets again and
 * again, and to read a URL costs more than all else that is checked of a small task.
 */
export function remember<Answer>(find: (text: string) => Answer): (text: string) => Answer {
  const answers = new Map<string, { readonly answer: Answer }>();
  return (text) => {
    const known = answers.get(text);
    if (known) return known.answer;
    const answer = find(text);
    if (answers.size === MAX_ANSWERS) answers.clear();
    answers.set(text, { answer });
    return answer;
  };
}
