/**
 * Subscribes with the app's public key (base64url). The worker tells `api` of clicks; a path is one of this site.
 * Returns what an app's server is told of the subscription.
 */
window.subscribe = async ({ applicationServerKey, api, appId, playerId }) => {
  const query = new URLSearchParams({ api, appId, playerId });
  await navigator.serviceWorker.register(`worker.js?${query}`);
  const registration = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey };
  return (await registration.pushManager.subscribe(options)).toJSON();
};

/** What is shown now. */
window.shown = async () => {
  const registration = await navigator.serviceWorker.ready;
  const notifications = await registration.getNotifications();
  return notifications.map(({ title, body, tag, icon, data }) => ({ title, body, tag, icon, data }));
};

window.unsubscribe = async () => {
  const registration = await navigator.serviceWorker.ready;
  return (await registration.pushManager.getSubscription()).unsubscribe();
};
