# The service in a container, from the package with its own Java for Linux:
#
#   mvn -Pruntime package
#   docker build --build-arg PACKAGE=target/kintone-sync-VERSION-linux-amd64.tar.gz -t kintone-sync .
#   docker run --volume kintone-sync:/data kintone-sync
#
# /data holds application.properties, secrets.properties, routes/custom/ and the watched folders, and
# gets journal/, runs/ and logs/. It must belong to the user 10001, and to one container at a time.
ARG BASE=debian:bookworm-slim
FROM ${BASE}
ARG PACKAGE
ADD ${PACKAGE} /opt/
RUN mv /opt/kintone-sync-* /opt/kintone-sync \
 && useradd --system --uid 10001 --no-create-home --home-dir /data kintone-sync \
 && install -d -o kintone-sync -m 0700 /data
COPY src/package/docker/health /usr/local/bin/kintone-sync-health
ENV KINTONE_SYNC_HOME=/data LANG=C.UTF-8
USER 10001
WORKDIR /data
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=1m --timeout=15s --start-period=30s CMD ["/usr/local/bin/kintone-sync-health"]
ENTRYPOINT ["/opt/kintone-sync/bin/kintone-sync"]
CMD ["run"]
