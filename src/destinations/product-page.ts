/**
 * `/products/x`, under a market's prefix (`/en-ch`) or inside a collection. A blog may be called "products" too, so the
 * whole path is read, not a part of it.
 */
const PRODUCT_PATH = /^(?:\/[a-z]{2,3}(?:-[a-z0-9]{2,4})?)?(?:\/collections\/[^/]+)?\/products\/[^/]+\/?$/i

/**
 * Whether a URL is a product's own page. On it Shopify's pixel fires page_viewed and product_viewed, so a platform that
 * knows both by one name has to be told of one of them only.
 */
export const isProductPage = (url: string | undefined): boolean => {
  if (url === undefined || !url.includes('/products/')) return false
  const path = url.replace(/^[a-z]+:\/\/[^/?#]*/i, '').split(/[?#]/, 1)[0]
  return path !== undefined && PRODUCT_PATH.test(path)
}
