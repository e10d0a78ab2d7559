/** The purchase of the sheet, for a conversion action that supplements the tag. */
export const PURCHASE = {
  destinations: [
    {
      reference: 'ads_purchase',
      operatingAccount: { accountType: 'GOOGLE_ADS', accountId: '1234567890' },
      loginAccount: { accountType: 'GOOGLE_ADS', accountId: '9876543210' },
      productDestinationId: '7001002003',
    },
  ],
  encoding: 'HEX',
  validateOnly: false,
  events: [
    {
      destinationReferences: ['ads_purchase'],
      transactionId: 'SHOP-5551234567890',
      eventTimestamp: '2026-11-20T14:03:22Z',
      eventSource: 'WEB',
      currency: 'EUR',
      conversionValue: 84.9,
      adIdentifiers: { gclid: 'Cj0KCQiA_TEST_gclid-123' },
      consent: { adUserData: 'CONSENT_GRANTED', adPersonalization: 'CONSENT_DENIED' },
      userData: {
        userIdentifiers: [
          { emailAddress: 'd6117306485ed0e50afab3ac871e98f81699151f30281527d63ff5f233656c69' },
          { phoneNumber: 'f0bf0228144d9fe2bdf1da2d8ca698f17bf1410ee688b075c27062e47b6f0b6d' },
          {
            address: {
              givenName: '55579b557896d0ce1764c47fed644f9b35f58bad620674af23f356d80ed0c503',
              familyName: '799ef92a11af918e3fb741df42934f3b568ed2d93ac1df74f1b8d41a27932a6f',
              regionCode: 'GB',
              postalCode: 'SW1A 1AA',
            },
          },
        ],
      },
      userProperties: { customerType: 'NEW' },
      cartData: {
        merchantId: '55001122',
        merchantFeedLabel: 'GB',
        merchantFeedLanguageCode: 'en',
        transactionDiscount: 5.1,
        items: [{ merchantProductId: 'shopify_GB_111_222', itemId: '222', quantity: '2', unitPrice: 45.0 }],
      },
    },
  ],
}

/** The same purchase after 40 of 84.90 were refunded: restated, with the time of the purchase. */
export const RESTATEMENT = {
  destinations: PURCHASE.destinations,
  encoding: 'HEX',
  events: [
    {
      transactionId: 'SHOP-5551234567890',
      eventTimestamp: '2026-11-20T14:03:22Z',
      lastUpdatedTimestamp: '2026-11-20T14:30:00Z',
      eventSource: 'WEB',
      currency: 'EUR',
      conversionValue: 44.9,
      adIdentifiers: { gclid: 'Cj0KCQiA_TEST_gclid-123' },
    },
  ],
}

/** The add to cart of the sheet, for a Google Analytics property. */
export const ADD_TO_CART = {
  destinations: [
    {
      operatingAccount: { accountType: 'GOOGLE_ANALYTICS_PROPERTY', accountId: '345678901' },
      loginAccount: { accountType: 'GOOGLE_ANALYTICS_PROPERTY', accountId: '345678901' },
      productDestinationId: 'G-TEST123456',
    },
  ],
  events: [
    {
      eventName: 'add_to_cart',
      clientId: '1234567890.1763800000',
      eventTimestamp: '2026-11-20T14:00:00.250Z',
      eventSource: 'WEB',
      currency: 'EUR',
      conversionValue: 45.0,
      consent: { adUserData: 'CONSENT_GRANTED', adPersonalization: 'CONSENT_GRANTED' },
      cartData: {
        items: [
          {
            itemId: '222',
            quantity: '1',
            unitPrice: 45.0,
            additionalItemParameters: [{ parameterName: 'item_name', value: 'Linen shirt' }],
          },
        ],
      },
      additionalEventParameters: [
        { parameterName: 'session_id', value: '1763812345' },
        { parameterName: 'engagement_time_msec', value: '100' },
        { parameterName: 'page_location', value: 'https://shop.example/products/linen-shirt' },
      ],
    },
  ],
}
