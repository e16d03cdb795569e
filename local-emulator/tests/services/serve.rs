//! Who may talk to a service at all.

use local_emulator::secrets_manager::Server;

#[tokio::test]
async fn a_request_for_another_host_is_misdirected() {
    let server = Server::start().await.unwrap();
    let ask = |host: &str| reqwest::Client::new().post(server.url()).header("host", host).send();
    let port = server.url().rsplit(':').next().unwrap().to_owned();
    for host in
        ["rebound.example".to_owned(), format!("rebound.example:{port}"), "127.0.0.1".into()]
    {
        assert_eq!(ask(&host).await.unwrap().status(), 421, "{host}");
    }
    assert_eq!(server.control().requests(), 0);
    assert_eq!(ask(&format!("localhost:{port}")).await.unwrap().status(), 400);
    assert_eq!(server.control().requests(), 1);
}
