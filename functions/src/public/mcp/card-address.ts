/** The card that shows a comparison or a quote in clients that can (MCP Apps). One file, for both. */
export const cardUri = 'ui://dotm/card.html';
