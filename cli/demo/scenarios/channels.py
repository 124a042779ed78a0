"""placeholder"""
async def chat_then_mail(world): raise NotImplementedError
async def stranger_with_the_same_words(world): raise NotImplementedError
