import { createPrivateKey, createPublicKey } from 'node:crypto'

/**
 * The key of the sandbox’s service account, made for this project and worth nothing: nobody but the sandbox trusts it.
 * It is the same at every start, so that a connection made with it outlives a restart of the demo.
 */
const WORTHLESS_KEY = {
  kty: 'RSA',
  n: 'lZIvxSNmtfnU0ol1QiZjIPgqjEx6raMb1q3scbRSoNJBk5m-7r_nQcKUAwuYm7Am7oeti0kE4MZZUSEiD_yBlu3wqItwnWIi-X3bCaGjOm6I5JK7eB-Iz2tw9Fh0DwNpCCFmjSeJxPQMETMeiFrLlzvMI85BVVhXRcIspHYQiuaF7MbzUVKyNRt82EeC4gPeA8J0QXzCO-AnkVe6zUKgYNh1xm5Twhj5NTApfjp1C8jb16HcD2Cb3YNrDzD8MDsrJI9eTRs3YCHvh5cS4FUAkRw63nxTFoxkjFbdhxs-NWCQYXJjh4r_hcv5KtYXWSinDvuo6nXPTWL6x74mvdUEQw',
  e: 'AQAB',
  d: 'EidwseJWnJ7KtJUnjNRg8sb8TxQXTcz-24M3sCNdZhSvDe26zXqwZHxr_6SgLMFoMEp6h23g8DFS9PRrEHqq9flCXQqzq_6V1Sdv9w7N45E3_1pJ884MCnT1fEriJ1JYJLr9GgPjBmtCrbHBMnamwF_rKqtlpai3ywlC5uFHp7wcm9bRGD-c3wpNakAptodPMgTKwst1CP_9_6ZIeyTECX9VUQT8sXeGg2qt4xXYl1RlIjlwNwbzcc0hT161N63_SbYiHvy1T9yFfonSVPIsfl9hXt6HTME-Anpqaa6dVAePf_-wxrCu8-DoEyO3CvXxBap02ATOyqmIqqK5SH4mtQ',
  p: 'yuv-EMNtrE0i5775gkPcwh_WrbU1jNjIHOgJCUeAfNhqYozjfZsdmPt0ztWfsfZoXV6xuIRX9oZXKIRgFTJVdr4rfa2_nfkUln5mC933XDpQJe5DVpwsq8hvNf4_c7e7XAWBWzNd-TVO6aeOAQ4y8D16VEdDeaVVkCTM_bKdJ50',
  q: 'vLG6vh74FnF7y0sa_lOdunpQEKWI6msGse2bWWheBxMcYmp3hRWtMBTgRj79Bvvrq7fKCTwNHsZtYPSJZ6WpGuVva6IdbZVFuJXemD4hJ-beXrneYrLF-Y8H0yvx-xlBAG4N8K2ZBr8z5NpLkrTwZ4xP9iYcwxBMhFRGLKhORV8',
  dp: 'dD6CmcnKPwUlNMrjFiuYACDLE1GWbqwU3vJRkt5CDcLQFsqM23yLlQKfpIkd5Y25tZs0hfZSiaflsBE9FYdzDAXe1i09ctqoX5njDXNHa68AEOqP6sKmmHXGt5CBeuHK0-lXdA5WDBfsr89LevFOXu9o73Svg7Uh8eQTBlZWzsU',
  dq: 'xA_n-aQ0Ix3Hg3SGl7xKJ3jvuFxH50tNqZM516yaBr_Uvm3hwmbDjTIj1tmcD6WzOrm9M9sxxshm3lc4bnmzPD8phqzr5vEzgJg4sffce5lndQWsDOG005nKh6EhzcZvxAKWeX3ngxso0KIB5G4dXXptm1X-jLBi0Ry_zacTrQ',
  qi: 'N7leaikLYWbwHrKsGAjffqf0GjToG6-NbA22uWAFDto7ratTl6tkjfbQn7Xb4LoHQEewe54qM28BYMVkUPnJUouuVJtWA4sS4LwJdEGI3R0IBdWBvrxRnMNct4f_c-nrE49vENsjS96dXKpvfO0j-Nn7ZO4I-otD4dNZjdmrXNQ',
}

/** Where both kinds of credentials become an access token; also what the JWT of a service account must name. */
export const TOKEN_URI = 'https://oauth2.googleapis.com/token'
/** The scope that events:ingest asks for. */
export const SCOPE = 'https://www.googleapis.com/auth/datamanager'

export const SERVICE_ACCOUNT_EMAIL = 'converlay@sandbox-project.iam.gserviceaccount.com'
export const KEY_ID = '0123456789abcdef0123456789abcdef01234567'

/** The key file of the sandbox’s service account, as the Cloud console would let one download it. */
export const sandboxServiceAccount = () => ({
  type: 'service_account',
  project_id: 'sandbox-project',
  private_key_id: KEY_ID,
  private_key: createPrivateKey({ key: WORTHLESS_KEY, format: 'jwk' })
    .export({ type: 'pkcs8', format: 'pem' })
    .toString(),
  client_email: SERVICE_ACCOUNT_EMAIL,
  client_id: '100000000000000000001',
  token_uri: TOKEN_URI,
})

/** The other half, by which signatures are checked. */
export const serviceAccountPublicKey = () => createPublicKey({ key: WORTHLESS_KEY, format: 'jwk' })

/** A person who signed in by OAuth. */
export interface SandboxUser {
  readonly clientId: string
  readonly clientSecret: string
  readonly refreshToken: string
  /** Scopes granted at the consent screen, with blanks in between. */
  readonly scope: string
}

export const SANDBOX_USER: SandboxUser = {
  clientId: 'sandbox-client',
  clientSecret: 'sandbox-secret',
  refreshToken: 'sandbox-refresh',
  scope: SCOPE,
}
