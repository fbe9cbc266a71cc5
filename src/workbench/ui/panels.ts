/** The workbench's panels, in the order of their tabs. */
export const PANELS = [
  'editor',
  'terminal',
  'check',
  'images',
  'page',
  'solution',
  'more',
] as const;

export type PanelName = (typeof PANELS)[number];

/** Those that are always in sight where there is room; the others share the side. */
const MAIN_PANELS = ['editor', 'terminal'] as const satisfies readonly PanelName[];

export const isMain = (name: PanelName): name is (typeof MAIN_PANELS)[number] =>
  MAIN_PANELS.some((main) => main === name);

/** Which tab is chosen next by a key, as the ARIA pattern has it; undefined for other keys. */
export function tabAfter(
  tabs: readonly PanelName[],
  now: PanelName,
  key: string,
): PanelName | undefined {
  const at = tabs.indexOf(now);
  switch (key) {
    case 'ArrowRight':
      return tabs[(at + 1) % tabs.length];
    case 'ArrowLeft':
      return tabs[(at - 1 + tabs.length) % tabs.length];
    case 'Home':
      return tabs[0];
    case 'End':
      return tabs.at(-1);
    default:
      return undefined;
  }
}

/** Those of a lab; where there is nothing to check, there is no solution either. */
export function panelsWith(hasChecks: boolean): readonly PanelName[] {
  return hasChecks ? PANELS : PANELS.filter((name) => name !== 'check' && name !== 'solution');
}
