# Converlay in a container: `start` builds what browsers load, so it is built here, and the image runs without being written to.
FROM node:26-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Nothing is compiled and no install script is needed to run; tests have packages of their own.
RUN npm ci --omit=dev --ignore-scripts
COPY . .
RUN node -e "import('./src/http/build-dashboard.ts').then((built) => built.buildDashboard())"

FROM node:26-bookworm-slim
ENV NODE_ENV=production \
    CONVERLAY_HOST=0.0.0.0 \
    CONVERLAY_CAPTURE_HOST=0.0.0.0 \
    CONVERLAY_METRICS_HOST=0.0.0.0 \
    CONVERLAY_DATA=/var/lib/converlay/data \
    CONVERLAY_MASTER_KEY_FILE=/run/secrets/converlay_master_key
WORKDIR /app
COPY --from=build --chown=root:root /app /app
RUN mkdir -p /var/lib/converlay/data /var/lib/converlay/spool && chown -R node:node /var/lib/converlay
USER node
VOLUME /var/lib/converlay
EXPOSE 3000 3001 3004
STOPSIGNAL SIGTERM
# Every role answers /live beside its metrics. With CONVERLAY_METRICS_PORT=off a container is well while its process runs.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "const { CONVERLAY_METRICS_PORT: own, CONVERLAY_PORT: first } = process.env; if (own !== 'off') fetch('http://127.0.0.1:' + (own || Number(first || 3000) + 4) + '/live').then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "src/main.ts"]
CMD ["start"]
