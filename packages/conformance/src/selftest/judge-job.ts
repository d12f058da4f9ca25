import { globTest } from '../selection/glob.ts';
import type { JobFinding, JobResult } from './job.ts';
import type { Mutant } from './mutant.ts';

/** What a mutant or a variant came to. */
export interface SelftestRow {
  readonly id: string;
  readonly kind: 'mutant' | 'variant' | 'plain';
  /** The fault of a mutant, the difference of a variant. */
  readonly sentence: string;
  /** The check that must turn red; empty for a variant. */
  readonly check: string;
  /**
   * `killed` and `green` are as they should be. `survived`: the designated check did not fail; `undeclared`: a check
   * outside of the collateral did; `red`: a benign variant, or the reference as it is, fails a check.
   */
  readonly verdict: 'killed' | 'green' | 'survived' | 'unassigned' | 'undeclared' | 'red' | 'suite-fault';
  /** Checks beside the designated one that failed. */
  readonly collateral: readonly string[];
  /** What is to be mended, one sentence each. */
  readonly complaints: readonly string[];
  readonly durationMs: number;
}

/** True if nothing needs mending. */
export function isAsItShouldBe({ verdict }: SelftestRow): boolean {
  return verdict === 'killed' || verdict === 'green';
}

/** Judges the run of a mutant; `redAnyway` are checks that fail without it, too. */
export function judgeMutant(mutant: Mutant, result: JobResult, redAnyway: readonly string[]): SelftestRow {
  const { id, fault, check, collateral = [] } = mutant;
  const allowed = collateral.map(globTest);
  const others = result.findings.filter((each) => each.check !== check && !redAnyway.includes(each.check));
  const undeclared = others.filter((each) => !allowed.some((test) => test(each.check)));
  const isKilled = result.findings.some((each) => each.check === check && each.status !== 'harness-error');
  const suiteFaults = faultsOfTheSuite(result);
  const survival = isKilled || suiteFaults.length > 0 ? [] : [survivalOf(check, result)];
  const complaints = [...suiteFaults, ...survival, ...undeclared.map((each) => `also red: ${lineOf(each)}`)];
  return {
    id,
    kind: 'mutant',
    sentence: fault,
    check,
    verdict:
      suiteFaults.length > 0
        ? 'suite-fault'
        : check === ''
          ? 'unassigned'
          : !isKilled
            ? 'survived'
            : undeclared.length > 0
              ? 'undeclared'
              : 'killed',
    collateral: others.map((each) => each.check),
    complaints,
    durationMs: result.durationMs,
  };
}

/** Judges a run in which every check must be green. */
export function judgeGreen(
  row: Pick<SelftestRow, 'id' | 'kind' | 'sentence'>,
  result: JobResult,
  redAnyway: readonly string[],
): SelftestRow {
  const red = result.findings.filter(({ check }) => !redAnyway.includes(check));
  const suiteFaults = faultsOfTheSuite(result);
  return {
    ...row,
    check: '',
    verdict: suiteFaults.length > 0 ? 'suite-fault' : red.length > 0 ? 'red' : 'green',
    collateral: red.map(({ check }) => check),
    complaints: [...suiteFaults, ...red.filter(({ status }) => status !== 'harness-error').map(lineOf)],
    durationMs: result.durationMs,
  };
}

function faultsOfTheSuite({ crash, findings }: JobResult): string[] {
  const faults = findings.filter(({ status }) => status === 'harness-error').map(lineOf);
  return crash === undefined ? faults : [`the run ended early: ${crash}`, ...faults];
}

function survivalOf(check: string, { unrun }: JobResult): string {
  if (check === '') return 'no check is meant for it yet';
  const reason = unrun.find((each) => each.check === check);
  return reason === undefined
    ? `expected ${check} to fail, but it passed, or does not exist`
    : `expected ${check} to fail, but it was ${reason.status}: ${reason.what}`;
}

const lineOf = ({ check, status, what }: JobFinding): string => `${check} (${status}): ${what}`;
