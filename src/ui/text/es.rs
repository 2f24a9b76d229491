//! Spanish, as it is spoken to customers in Latin America.

use super::Text;

pub(super) static TEXT: Text = Text {
    tag: "es",
    sign_in: "Iniciar sesión",
    sign_in_lead: "Use la cuenta SIP que le dio su proveedor.",
    sip_address: "Dirección SIP",
    password: "Contraseña",
    show_password: "Mostrar contraseña",
    server: "Servidor WebSocket",
    connect: "Conectar",
    connected: "Conectado",
    connecting: "Conectando…",
    disconnected: "Desconectado",
    sign_out: "Cerrar sesión",
    notices: "Avisos",
    close: "Cerrar",
    dial: "Marcar",
    number: "Número o dirección SIP",
    keypad: "Teclado",
    call: "Llamar",
    delete_digit: "Borrar dígito",
    rooms: "Principal",
    phone: "Teléfono",
    history: "Historial",
    contacts: "Contactos",
    messages: "Mensajes",
    calling: "Llamando…",
    ringing: "Timbrando…",
    hang_up: "Colgar",
    incoming: "Llamada entrante",
    incoming_from: "Llamada entrante de {peer}",
    unknown_caller: "Número desconocido",
    answer: "Contestar",
    decline: "Rechazar",
    call_time: "Duración de la llamada",
    in_call_with: "En llamada con {peer}",
    mute: "Silenciar",
    muted: "Su micrófono está silenciado",
    sound_blocked: "Su navegador puso el sonido en pausa.",
    enable_sound: "Activar sonido",
    line_lost: "Se perdió la conexión. Nuevo intento en {seconds} s.",
    line_lost_in_call: "Se perdió la conexión. Su llamada sigue; nuevo intento en {seconds} s.",
    try_now: "Intentar ya",
    bad_address: "Esta no es una dirección SIP. Escríbala así: 1001@example.com.",
    no_password: "Escriba su contraseña.",
    bad_server: "Esta no es una dirección WebSocket. Escríbala así: wss://sip.example.com.",
    server_not_secure: "Esta página es segura y necesita una dirección de servidor que empiece \
                        con wss://.",
    wrong_password: "El usuario o la contraseña no son correctos. Revíselos y vuelva a conectarse.",
    unknown_user: "El servidor no tiene ningún usuario {user}. Revise la dirección SIP.",
    forbidden_user: "El servidor no permite que {user} inicie sesión. Consulte a su proveedor.",
    unreachable: "No se pudo conectar con el servidor {host}. Revise su dirección y su conexión a \
                  internet.",
    server_silent: "El servidor {host} no responde. Revise su dirección o intente más tarde.",
    server_trouble: "El servidor tiene un problema ({code}). Intente más tarde.",
    unsupported_authentication: "El servidor pide un tipo de autenticación que este teléfono no \
                                 tiene. Consulte a su proveedor.",
    no_entropy: "Este navegador no da números aleatorios seguros, así que iniciar sesión no sería \
                 seguro. Abra esta página en un navegador actual.",
    busy: "La línea de {peer} está ocupada. Intente más tarde.",
    declined: "{peer} rechazó la llamada.",
    not_found: "{peer} no existe. Revise el número.",
    no_answer: "{peer} no contesta. Intente más tarde.",
    unavailable: "{peer} no está disponible ahora. Intente más tarde.",
    not_allowed: "No tiene permiso para llamar a {peer}. Consulte a su proveedor.",
    incompatible: "No se pudo establecer el sonido con {peer}. Revise su red o consulte a su \
                   proveedor.",
    call_server_trouble: "La llamada falló: el servidor tiene un problema ({code}). Intente más \
                          tarde.",
    call_failed: "La llamada con {peer} falló. Vuelva a llamar.",
    call_refused: "La llamada falló ({code} {reason}). Intente más tarde.",
    bad_number: "Esto no es un número ni una dirección SIP. Escríbalo así: 1002 o \
                 ana@example.com.",
    not_connected: "No hay conexión. Espere a ver “Conectado” y vuelva a llamar.",
    caller_gave_up: "{peer} colgó antes de que usted contestara.",
    answered_elsewhere: "La llamada de {peer} se contestó en otro dispositivo.",
    declined_elsewhere: "La llamada de {peer} se rechazó en otro dispositivo.",
    peer_hung_up: "{peer} colgó.",
    one_call_only: "Usted está en una llamada. Termínela para llamar a {peer}.",
    sound_lost: "Se cortó el sonido. Revise su red, o cuelgue y vuelva a llamar.",
    call_lost: "Se cortó la conexión mientras {peer} llamaba. Devuelva la llamada.",
    too_many_calls: "Ya tiene todas las llamadas que admite este teléfono. Termine una para llamar \
                     a {peer}.",
    hold_refused: "Ahora no se puede poner a {peer} en espera ni retomar la llamada. Intente de \
                   nuevo.",
    transferred: "{peer} fue transferido a {target}.",
    transfer_failed: "La transferencia falló: {why} Usted sigue en la llamada.",
    keys_failed: "Las teclas no llegaron al otro lado. Intente de nuevo.",
    microphone_broken: "El micrófono no funciona. Revíselo en la configuración de su equipo e \
                        intente de nuevo.",
    microphone_refused: "El micrófono está bloqueado. Permítalo en la barra de direcciones e \
                         intente de nuevo.",
    microphone_missing: "No se encontró ningún micrófono. Conecte uno e intente de nuevo.",
    microphone_in_use: "Otro programa está usando el micrófono. Ciérrelo e intente de nuevo.",
    page_not_secure: "El micrófono solo funciona en páginas seguras. Abra esta página con \
                      https://.",
    no_webrtc: "Este navegador no puede hacer llamadas",
    no_webrtc_lead: "WebPhone necesita WebRTC, y este navegador no lo tiene o lo tiene \
                     desactivado. Abra esta página en una versión actual de Chrome, Edge, Firefox \
                     o Safari.",
};
