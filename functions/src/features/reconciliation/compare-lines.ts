import { CodedError } from '../../shared/errors.ts';
import { knownCarrierLines } from '../../store/lines.ts';
import {
  readActiveMembers,
  readHollowDeliveries,
  readKnownLines,
  type ActiveMember,
  type KnownLine,
} from '../../store/reconciliation-checks.ts';
import type { CarrierLine } from '../../vendors/carrier/port.ts';
import { allRows, type Check, type Finding } from './check.ts';

/** Members looked at side by side: what the carrier, which names no limit, gets from a person clicking fast. */
const atOnce = 5;

/** Lines and plans at the carrier against ours, for members whose orders moved in the span; and deliveries that lack either. */
export async function compareLines(check: Check): Promise<void> {
  const sold = await namesOfSoldPlans(check);
  let group: ActiveMember[] = [];
  const members = allRows(
    (after, limit) => readActiveMembers(check.services.db, { ...check.span, after, limit }),
    (row) => row.id,
  );
  const look = async () => {
    const found = await Promise.all(group.map((member) => compareMember(check, member, sold)));
    for (const finding of found.flat()) await check.report(finding);
    group = [];
  };
  for await (const member of members) {
    group.push(member);
    if (group.length === atOnce) await look();
  }
  await look();
  await compareDeliveries(check);
}

/** Only plans that we sell are counted: the carrier may put others on a line by itself. */
async function namesOfSoldPlans({ services }: Check): Promise<Set<string>> {
  const ids = new Set(Object.values(services.policy.carrierPlanIds));
  if (ids.size === 0) return new Set();
  const plans = await (await services.carrier()).listPlans();
  return new Set(plans.filter((plan) => ids.has(plan.planId)).map((plan) => plan.name));
}

async function compareMember(check: Check, member: ActiveMember, sold: Set<string>): Promise<Finding[]> {
  const { services, span, settledBefore } = check;
  // The carrier is asked first: what it shows by then is written down with us or belongs to an order that is being delivered.
  const theirs = await readCarrier(check, member);
  if (theirs === null) {
    const cause = `the carrier refuses to show the lines of end user ${member.end_user_id}: ask the carrier why.`;
    return [{ kind: 'carrier_refuses', subject: member.id, ...noAmounts, cause }];
  }
  const ours = await readKnownLines(services.db, member.id, { recentSince: span.from, settledBefore });
  if (ours.busy) return [];
  const known = await knownCarrierLines(
    services.db,
    theirs.map((line) => line.lineId),
  );
  const strangers = theirs.filter((line) => !known.has(line.lineId) && !isNew(line.createdAt, settledBefore));
  return [
    ...strangers.map((line) => unknownLine(member, line)),
    ...ours.lines.flatMap((line) => compareLine(line, theirs, sold, settledBefore)),
  ];
}

interface TheirLine extends CarrierLine {
  plans: string[];
}

async function readCarrier(check: Check, member: ActiveMember): Promise<TheirLine[] | null> {
  const carrier = await check.services.carrier();
  try {
    const lines: TheirLine[] = [];
    for (const line of await carrier.listLines(member.end_user_id)) {
      const plans = line.iccid === null ? [] : await carrier.listPlansOfSim(line.iccid);
      lines.push({ ...line, plans: plans.map((plan) => plan.name) });
    }
    return lines;
  } catch (error) {
    // One member whom the carrier refuses must not keep all others from being looked at; an outage ends the run, which is repeated.
    if (error instanceof CodedError && error.code === 'vendor.refused') return null;
    throw error;
  }
}

const noAmounts = { unit: null, expected: null, found: null } as const;

/** A line whose making time the carrier leaves out counts as old. */
function isNew(createdAt: Date | null, settledBefore: Date): boolean {
  return createdAt !== null && createdAt >= settledBefore;
}

function unknownLine(member: ActiveMember, line: CarrierLine): Finding {
  const cause = `the carrier has a line for ${member.id} that we did not keep: it costs money and nobody uses it. Have the carrier end it.`;
  return { kind: 'line_unknown', subject: line.lineId, ...noAmounts, cause };
}

function compareLine(line: KnownLine, theirs: TheirLine[], sold: Set<string>, settledBefore: Date): Finding[] {
  if (line.state === 'terminated' || isNew(line.createdAt, settledBefore)) return [];
  const at = theirs.find((candidate) => candidate.lineId === line.oxioLineId);
  if (!at) {
    const cause = `the carrier no longer has line ${line.oxioLineId}: the member is without service. Ask the carrier, then replace the line or refund.`;
    return [{ kind: 'line_missing', subject: line.id, ...noAmounts, cause }];
  }
  if (at.iccid === null) return [];
  const names = new Set([...sold, ...line.plans.map((plan) => plan.name)]);
  return [...names].flatMap((name) => comparePlan(line, at, name) ?? []);
}

/**
 * More plans than we ever put there are always a difference. Fewer are one only against those of this span: plans run out, and
 * nobody has seen whether the carrier still lists one that has.
 */
function comparePlan(line: KnownLine, at: TheirLine, name: string): Finding | null {
  const standing = at.plans.filter((plan) => plan === name).length;
  const ours = line.plans.find((plan) => plan.name === name) ?? { all: 0, recent: 0 };
  if (standing <= ours.all && standing >= ours.recent) return null;
  const cause =
    standing > ours.all
      ? `plan "${name}" stands ${standing} times on the line, of which we know ${ours.all}: the member got more than was bought. Have the carrier take it off.`
      : `plan "${name}" stands ${standing} times on the line, but we put it there ${ours.recent} times lately: the member got less than was bought. Have the carrier add it, or refund.`;
  return { kind: 'plans_differ', subject: line.id, ...noAmounts, cause };
}

async function compareDeliveries(check: Check): Promise<void> {
  const hollow = allRows(
    (after, limit) => readHollowDeliveries(check.services.db, { ...check.span, after, limit }),
    (row) => row.id,
  );
  for await (const row of hollow) {
    const kind = row.has_line ? 'delivered_without_plan' : 'delivered_without_line';
    const lack = row.has_line ? `${row.plans_found} of ${row.plans_expected} plans are on its line` : 'it has no line';
    const cause = `the order counts as delivered, but ${lack}: refund it, and find out how it was released.`;
    await check.report({ kind, subject: row.id, ...noAmounts, cause });
  }
}
