import type { z } from 'zod';

/** A path that we know: names of the schema and numbers of list items. Anything else would be a word of the caller. */
function pathOf(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'The arguments' : `"${path.map(String).join('.')}"`;
}

function problemOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be given, as ${issue.expected === 'int' ? 'a whole number' : `a value of type ${issue.expected}`}`;
    case 'too_small':
      return `must be at least ${String(issue.minimum)}${issue.origin === 'string' ? ' characters long' : issue.origin === 'array' ? ' items long' : ''}`;
    case 'too_big':
      return `must be at most ${String(issue.maximum)}${issue.origin === 'string' ? ' characters long' : issue.origin === 'array' ? ' items long' : ''}`;
    case 'invalid_value':
      return `must be one of: ${issue.values.map(String).join(', ')}`;
    case 'invalid_format':
      return 'has the wrong form: see its description';
    case 'unrecognized_keys':
      return 'hold a property that this tool does not know: leave it out';
    default:
      return 'cannot be taken: see the description';
  }
}

/**
 * Says what is wrong with the arguments of a tool and how they would be right, in words of ours alone: what was sent may hold anything,
 * a telephone number or an address of a person too, and does not come back.
 */
export function problemsInWords(error: z.ZodError, input: z.ZodObject, example: unknown): string {
  const problems = error.issues.slice(0, 5).map((issue) => `${pathOf(issue.path)} ${problemOf(issue)}.`);
  const known = Object.keys(input.shape);
  const properties = known.length === 0 ? 'This tool takes no arguments.' : `It takes: ${known.join(', ')}.`;
  return `${problems.join(' ')} ${properties} For example: ${JSON.stringify(example)}`;
}
