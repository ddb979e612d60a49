/** What an assistant should know of a product that the catalogue's figures don't say. */
export interface About {
  /** What it does for a traveller, in a sentence or two. */
  readonly description: string;
  /** Whether it is on without being asked for; undefined for what is not switched. */
  readonly onByDefault?: boolean;
  /** The membership that it needs. */
  readonly needs?: string;
}

const full = { onByDefault: false, needs: 'full_membership' } as const;

/**
 * Facts by product. A product that an operator adds to the catalogue is offered all the same, with what its figures say about it.
 * Claims here are promises: nothing may stand here that the service does not keep.
 */
const known: Readonly<Record<string, About>> = {
  esim_starter: {
    description:
      'A first try for a short trip: mobile data on an eSIM that is installed with one tap. One for each person.',
  },
  global_data_10gb: {
    description:
      'Mobile data that does not expire and can be shared with others. Brings an eSIM line where there is none yet.',
  },
  basic_membership: {
    description:
      'A year of global data access (data itself is bought apart), text messages with security codes, hotspot, an eSIM line and standard support.',
  },
  full_membership: {
    description:
      'A year with unlimited calls and texts in Canada, the United States and Mexico, Wi-Fi calling worldwide, satellite text where it is offered, an eSIM line and priority support. Data itself is bought apart.',
  },
  beta_tester: { description: 'Early features, by invitation.' },
  metal_card: { description: 'A limited edition card in metal, shipped worldwide, sold through the marketplace.' },
  network_security: { description: 'A firewall that detects and stops known threats.', onByDefault: true },
  network_optimization: { description: 'Lower latency, and video that suits the connection.', onByDefault: false },
  network_monitoring: { description: 'Shows the quality of the network and its outages.', onByDefault: false },
  network_vpn: { description: 'An encrypted tunnel that makes the traveller appear at home.', onByDefault: false },
  network_priority: { description: 'Goes first when the network is crowded.', onByDefault: false },
  network_scans: { description: 'Looks for weak spots on the connection.', onByDefault: false },
  volte_hd_voice: { ...full, description: 'Clearer calls over the data network.' },
  wifi_calling: { ...full, description: 'Calls over any Wi-Fi as if at home.' },
  satellite_text: { ...full, description: 'Text messages where there is no network, in the countries that offer it.' },
};

/** What is known of a product besides its figures. */
export function aboutProduct(id: string): About {
  return Object.hasOwn(known, id) ? (known[id] ?? { description: '' }) : { description: '' };
}
