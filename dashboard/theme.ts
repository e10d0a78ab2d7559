import { type CSSVariablesResolver, createTheme } from '@mantine/core'

export const theme = createTheme({
  primaryColor: 'sea',
  // Dark enough in both schemes for white text on a filled button.
  primaryShade: 7,
  colors: {
    // biome-ignore format: ten shades, light to dark
    sea: ['#e8f6f4', '#cfeae6', '#a3d7cf', '#73c4b8', '#4bb3a4', '#2a9f90', '#148577', '#0b6b62', '#09564f', '#06403b'],
    // Mantine's greys, with the blue of our own surfaces.
    // biome-ignore format: ten shades, light to dark
    dark: ['#e6ebf0', '#b4bec8', '#8b98a5', '#66737f', '#46525e', '#38434d', '#2d3740', '#222b33', '#1a2128', '#11161b'],
  },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace',
  headings: { fontWeight: '650' },
  defaultRadius: 'md',
})

/** Mantine's own dimmed and error colours fail AA contrast; both are replaced in both schemes. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#f5f7f8',
    '--mantine-color-text': '#17212b',
    '--mantine-color-dimmed': '#55616e',
    '--mantine-color-error': '#b3261e',
    '--mantine-color-placeholder': '#6a7683',
    '--mantine-color-anchor': '#0b6b62',
  },
  dark: {
    '--mantine-color-body': '#11161b',
    '--mantine-color-text': '#e6ebf0',
    '--mantine-color-dimmed': '#a4b0bc',
    '--mantine-color-error': '#ff9b93',
    '--mantine-color-placeholder': '#9aa6b2',
    '--mantine-color-anchor': '#73c4b8',
  },
})
