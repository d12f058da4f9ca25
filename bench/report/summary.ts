import type { Contest } from '../contests/contest.ts';
import type { Round } from '../contests/play.ts';
import { type Ratio, ratioOf } from '../drain-ab/ratio.ts';
import type { Figures } from '../world/side.ts';

/** What the rounds of a contest come to. */
export interface Summary {
  readonly name: string;
  readonly title: string;
  readonly columns: readonly string[];
  readonly sides: readonly SideSummary[];
  readonly comparisons: readonly Comparison[];
  /** Every round that counted, by the side's name. */
  readonly rounds: readonly Readonly<Record<string, Figures>>[];
}

export interface SideSummary {
  readonly name: string;
  /** Of all rounds, by figure. */
  readonly medians: Figures;
}

/** A figure of one side, divided by that of each other side. */
export interface Comparison {
  readonly subject: string;
  readonly figure: string;
  /** By the other side's name: the median of the rounds' ratios, with an interval where there are rounds enough. */
  readonly ratios: Readonly<Record<string, Pick<Ratio, 'median'> & Partial<Ratio>>>;
}

/** Medians of each side, and the ratios that the contest asks for. */
export function summarize(contest: Contest, sideNames: readonly string[], rounds: readonly Round[]): Summary {
  const comparisons = contest.subjects.flatMap((subject) =>
    contest.compared.map((figure) => compare(subject, figure, sideNames, rounds)),
  );
  return {
    name: contest.name,
    title: contest.title,
    columns: contest.figures,
    sides: sideNames.map((name) => ({ name, medians: mediansOf(name, rounds) })),
    comparisons,
    rounds: rounds.map((round) => Object.fromEntries(round)),
  };
}

function compare(
  subject: string,
  figure: string,
  sideNames: readonly string[],
  rounds: readonly Round[],
): Comparison {
  const others = sideNames.filter((name) => name !== subject);
  const ratios = others.flatMap((other) => {
    const each = rounds.map((round) => figureOf(round, subject, figure) / figureOf(round, other, figure));
    return each.every((ratio) => ratio > 0 && ratio < Infinity)
      ? [[other, ratioOfRounds(each)] as const]
      : [];
  });
  return { subject, figure, ratios: Object.fromEntries(ratios) };
}

function figureOf(round: Round, side: string, figure: string): number {
  return round.get(side)?.[figure] ?? Number.NaN;
}

/** Two rounds tell nothing about their spread. */
function ratioOfRounds(each: readonly number[]): Pick<Ratio, 'median'> & Partial<Ratio> {
  return each.length < 3 ? { median: medianOf(each) } : ratioOf(each);
}

function mediansOf(side: string, rounds: readonly Round[]): Figures {
  const names = new Set(rounds.flatMap((round) => Object.keys(round.get(side) ?? {})));
  const entries = [...names].map(
    (figure) => [figure, medianOf(rounds.map((round) => figureOf(round, side, figure)))] as const,
  );
  return Object.fromEntries(entries);
}

/** The middle one, or the mean of the two in the middle; NaN of none. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}
