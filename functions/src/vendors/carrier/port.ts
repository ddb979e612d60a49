/** A line as the carrier holds it now. */
export interface CarrierLine {
  lineId: string;
  endUserId: string;
  /** The carrier's word, upper case; words that we do not know are kept as they came. */
  status: string;
  /** As on the wire: digits with the trailing filler. */
  iccid: string | null;
  /** `LPA:1$…` exactly as it came. A secret of the member until installed. */
  activationUrl: string | null;
  /** E.164, null while the carrier has assigned none. */
  phoneNumber: string | null;
  /** ISO 3166 alpha-2 of the SIM's stock, null when the carrier does not say. */
  countryCode: string | null;
  /** By the carrier's clock, whole seconds; null when the carrier does not say. */
  createdAt: Date | null;
}

export interface CarrierPlan {
  planId: string;
  name: string;
}

/**
 * Connectivity in our words; `client.ts` speaks OXIO. The carrier does not deduplicate: whoever creates looks first and
 * makes sure that only one attempt at a time runs for an end user. Throws CodedError `vendor.unavailable` (retry) and
 * `vendor.refused` (permanent); a look-up of what does not exist gives null or an empty list.
 */
export interface CarrierPort {
  findEndUserByEmail(email: string): Promise<{ endUserId: string } | null>;
  /** Throws CarrierEmailKnownError (code 6805) when the e-mail address belongs to an end user already. */
  createEndUser(input: { firstName: string; lastName: string; email: string | null }): Promise<{ endUserId: string }>;
  createGroup(input: { name: string; externalId: string; endUserId: string }): Promise<{ groupId: string }>;
  listLines(endUserId: string): Promise<CarrierLine[]>;
  /** Makes a new eSIM line, each time another one. Number, activation code and status may come later: poll `listLines`. */
  createLine(input: { endUserId: string; countryCode: string }): Promise<CarrierLine>;
  /** Names of the plans on the line's SIM. */
  listPlansOfSim(iccid: string): Promise<{ name: string }[]>;
  /** Puts a plan on a line, each time once more: look at `listPlansOfSim` first. */
  addPlan(input: { lineId: string; planId: string }): Promise<void>;
  /** All plans of the brand, to translate between plan ids and the names that `listPlansOfSim` gives. */
  listPlans(): Promise<CarrierPlan[]>;
}
