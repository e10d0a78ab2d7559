import { type Html, trusted } from '../html.ts'
import type { Picture } from '../shopify/catalogue.ts'

/** Each product as a small drawing: the shape alone; sky and hills are the same for all. */
const SHAPES: Readonly<Record<Picture, readonly [sky: string, hill: string, shape: string]>> = {
  lantern: [
    '#24364a',
    '#16242f',
    '<circle cx="200" cy="165" r="92" fill="#ffd98a" opacity=".22"/><path d="M172 96q28-38 56 0" fill="none" stroke="#e8e2d4" stroke-width="6"/><rect x="166" y="98" width="68" height="16" rx="6" fill="#3f6b52"/><rect x="172" y="114" width="56" height="84" rx="8" fill="#ffe9b8"/><path d="M200 132q22 30 0 54q-22-24 0-54" fill="#f5a623"/><rect x="160" y="198" width="80" height="26" rx="8" fill="#3f6b52"/>',
  ],
  blanket: [
    '#f3e3d0',
    '#d9bfa0',
    '<path d="M108 132q92-26 184 0l14 92q-106 26-212 0z" fill="#a8482e"/><path d="M104 158q96-24 192 0M99 188q101-24 202 0" fill="none" stroke="#f2d6b3" stroke-width="9"/><path d="M96 216l-6 16m22-12-5 17m24-14-4 18m26-16-3 18m27-17-1 19m26-19 1 19m24-20 2 18m24-19 4 18m21-20 5 17m18-19 6 16" stroke="#a8482e" stroke-width="4"/>',
  ],
  tent: [
    '#cfe3e6',
    '#7fa38f',
    '<path d="M200 84 318 232H82z" fill="#d9792b"/><path d="M200 84 244 232H156z" fill="#7a3d12"/><path d="M200 84 200 232H156z" fill="#a9561c"/><path d="M82 232 60 244M318 232l22 12" stroke="#5b4a3a" stroke-width="4"/>',
  ],
  pack: [
    '#f0ead9',
    '#c9b98f',
    '<path d="M158 96q42-34 84 0" fill="none" stroke="#5b3b16" stroke-width="8"/><rect x="138" y="92" width="124" height="144" rx="34" fill="#c98a1b"/><path d="M138 130q62 26 124 0" fill="none" stroke="#8d5d0c" stroke-width="5"/><rect x="160" y="164" width="80" height="52" rx="14" fill="#a86f10"/><path d="M172 184h56" stroke="#f2d48a" stroke-width="5"/>',
  ],
  bottle: [
    '#dcebf3',
    '#9db8c6',
    '<rect x="180" y="76" width="40" height="26" rx="6" fill="#2f3b45"/><path d="M178 102h44q18 18 18 42v78q0 16-16 16h-48q-16 0-16-16v-78q0-24 18-42z" fill="#4d8aa5"/><path d="M176 146v78" stroke="#a9d2e3" stroke-width="8" stroke-linecap="round"/><path d="M160 178h80" stroke="#3b6f87" stroke-width="4"/>',
  ],
  stove: [
    '#eee7e2',
    '#b9aea6',
    '<rect x="146" y="106" width="108" height="64" rx="10" fill="#8c979e"/><path d="M254 124h44" stroke="#3a3f43" stroke-width="9" stroke-linecap="round"/><rect x="138" y="98" width="124" height="12" rx="6" fill="#6d777d"/><path d="M176 204q-8-18 8-30q0 12 10 14q-2-12 8-20q16 18 6 36z" fill="#3f88d9"/><path d="M150 236l26-32h48l26 32" fill="none" stroke="#3a3f43" stroke-width="8"/>',
  ],
  hammock: [
    '#d8e9dd',
    '#8fb196',
    '<path d="M86 66v176M314 66v176" stroke="#6b4b2d" stroke-width="16"/><path d="M92 112q108 128 216 0q-108 60-216 0" fill="#3f7fb5"/><path d="M92 112q108 96 216 0" fill="none" stroke="#2a5b86" stroke-width="4"/>',
  ],
  axe: [
    '#e8e4dc',
    '#b4a892',
    '<path d="M252 92 152 238" stroke="#b9834a" stroke-width="16" stroke-linecap="round"/><path d="M222 74q40-14 66 14q-22 10-30 42q-10-24-48-30z" fill="#59646b"/><path d="M288 88q-22 10-30 42" stroke="#cfd6da" stroke-width="5" fill="none"/>',
  ],
}

export const picture = (kind: Picture): Html => {
  const [sky, hill, shape] = SHAPES[kind]
  return trusted(
    `<svg viewBox="0 0 400 300" aria-hidden="true" preserveAspectRatio="xMidYMid slice"><rect width="400" height="300" fill="${sky}"/><path d="M0 226q90-46 180-12t220-14v100H0z" fill="${hill}"/>${shape}</svg>`,
  )
}
