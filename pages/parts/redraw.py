"""What a browser window says, cut down to: draw me anew. For windows whose session ended or whose role changed."""

from streamlit.proto.BackMsg_pb2 import BackMsg


def only_redraw(message: bytes) -> bytes:
    """Return a message that draws the page of this one and presses, uploads, downloads and answers nothing."""
    said, plain = BackMsg(), BackMsg()
    said.ParseFromString(message)  # what is no message ends the connection
    plain.rerun_script.query_string = said.rerun_script.query_string
    plain.rerun_script.page_script_hash = said.rerun_script.page_script_hash
    plain.rerun_script.page_name = said.rerun_script.page_name
    plain.rerun_script.context_info.CopyFrom(said.rerun_script.context_info)
    return plain.SerializeToString()
