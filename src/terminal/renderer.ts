import type { Terminal } from '@xterm/xterm';
import { quietly } from './quiet-styles.ts';

/** Draws with WebGL where a graphics card does it; else xterm's own way, with elements, stays. */
export async function drawFast(terminal: Terminal): Promise<void> {
  if (!hasGraphicsCard()) return;
  try {
    const { WebglAddon } = await import('@xterm/addon-webgl');
    // It may have been closed meanwhile.
    if (terminal.element?.isConnected !== true) return;
    const addon = new WebglAddon();
    // Browsers take contexts away from pages that were asleep; elements need none.
    addon.onContextLoss(() => {
      quietly(terminal, () => {
        addon.dispose();
      });
    });
    terminal.loadAddon(addon);
  } catch {
    // What draws with elements is still there.
  }
}

/** Programs that pretend to be a graphics card; drawing with elements is faster. */
const PRETENDERS = /swiftshader|llvmpipe|softpipe|software|basic render/i;

function hasGraphicsCard(): boolean {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('webgl2', { failIfMajorPerformanceCaveat: true });
  if (context === null) return false;
  const names = context.getExtension('WEBGL_debug_renderer_info');
  const name: unknown = names && context.getParameter(names.UNMASKED_RENDERER_WEBGL);
  context.getExtension('WEBGL_lose_context')?.loseContext();
  return typeof name !== 'string' || !PRETENDERS.test(name);
}
