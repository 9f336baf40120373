let asked = 0;

export const GET = () => new Response(`asked ${++asked} times`);
export const dynamic = "force-dynamic";
