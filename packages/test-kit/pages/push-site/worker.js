const query = new URL(self.location.href).searchParams;
const [api, appId, playerId] = ['api', 'appId', 'playerId'].map((name) => query.get(name));

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('push', (event) => {
  const { title, alert, icon, image, badge, tag, o = [], custom } = event.data.json();
  const shown = self.registration.showNotification(title, {
    body: alert,
    icon,
    image,
    badge,
    tag: tag ?? appId,
    actions: o.map(({ i, n, p }) => ({ action: i, title: n, icon: p })),
    data: { id: custom.i, additional: custom.a, url: custom.u },
  });
  const received = custom.rr === 'y' ? tell(`/notifications/${custom.i}/report_received`, {}) : null;
  event.waitUntil(Promise.all([shown, received]));
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(tell(`/notifications/${event.notification.data.id}`, { opened: true }));
});

function tell(path, more) {
  return fetch(api + path, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ app_id: appId, player_id: playerId, ...more }),
  });
}
